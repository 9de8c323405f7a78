//! The page of an artist: the figures, each track over the whole time of a range, the three lists and the albums.

mod head;
mod over_time;
mod sections;
mod strip;

use super::presence::{Overview, overview};
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::features::search;
use crate::features::tracks::page::artist_address;
use crate::html::components::take_away;
use crate::html::controls::address;
use crate::html::layout::{Layout, Page};
use crate::html::not_found;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::web::{Data, Path, Query, Redirect};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;

/// The room of artists in the navigation.
const ROOM: &str = "/lists";

#[derive(Deserialize)]
struct Asked {
    time_range: Option<String>,
}

#[handler]
pub async fn show(
    Path(key): Path<String>,
    asked: Query<Asked>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
) -> poem::Result<Response> {
    let time_range = asked.time_range.as_deref().and_then(TimeRange::from_word);
    let db = database.read_transaction().await?;
    let view = match overview(&db, &key, time_range, clock.today()).await {
        Err(Error::NotFound(_)) => return Ok(no_such_artist(&layout, &key)),
        found => found?,
    };
    if view.artist.artist_key != key {
        // Not for ever: another artist may take the name.
        let address = range_address(&view.artist.artist_key, time_range);
        return Ok(Redirect::see_other(address).into_response());
    }
    Ok(layout.page(page(&view), artist(&view)).into_response())
}

fn range_address(key: &str, time_range: Option<TimeRange>) -> String {
    let address = artist_address(key);
    match time_range {
        Some(range) => format!("{address}?time_range={}", range.word()),
        None => address,
    }
}

fn page(view: &Overview) -> Page<'_> {
    Page {
        title: name(view),
        description: "An artist: tracks, ranks and days on your lists",
        room: ROOM,
        ..Page::default()
    }
}

fn name(view: &Overview) -> &str {
    match view.artist.artist_name.trim().is_empty() {
        true => "Unknown artist",
        false => &view.artist.artist_name,
    }
}

fn no_such_artist(layout: &Layout, key: &str) -> Response {
    let name = key.strip_prefix("name:").unwrap_or(key);
    let detail = match name {
        "" => html! { "A track without an artist’s name belongs to nobody’s page." },
        name => html! { "The library has no track by " bdi { (name) } "." },
    };
    let ways = [(search::PATH, "Search"), (ROOM, "See the lists")];
    not_found(layout, ROOM, ("No such artist", detail), &ways)
}

fn artist(view: &Overview) -> Markup {
    let json = address(&["api", "artists", &view.artist.artist_key]);
    let csv = format!("{json}?format=csv");
    html! {
        div.frame {
            (head::head(view))
            @if view.artist.first_seen_date.is_some() {
                div.panel { (head::cards(view)) }
                (over_time::over_time(view))
            }
            div.artist-sections {
                (sections::three_lists(view))
                (sections::albums(view))
            }
            (take_away(&[("JSON", json), ("CSV", csv)]))
        }
    }
}
