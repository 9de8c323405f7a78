//! The page of a track: what it is, its ranks over time, and its payload.

mod chart;
mod payload;
mod stays;

use super::query::{self, RangeRanks, TrackRanks};
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::features::search;
use crate::features::snapshots::page::range_name;
use crate::features::tracks::page::{artist_link, length, open_in_spotify, title};
use crate::features::tracks::query::{Track, TrackSummary, track};
use crate::html::components::{
    DATE, card, counted, cover, date, deletion, explicit_mark, nothing_yet, section_head,
};
use crate::html::controls::address;
use crate::html::layout::{Layout, Page};
use crate::html::not_found;
use crate::owner::{Log, View};
use crate::store;
use entity::log_entry::Event;
use maud::{Markup, html};
use poem::web::{Data, Path, Redirect};
use poem::{IntoResponse, Response, handler};

/// The room of tracks in the navigation.
const ROOM: &str = "/lists";

const CONSEQUENCES: &str = "Its payload goes, and its rank on every list, where a gap stays. Importing the lists again \
    brings it back.";

#[handler]
pub async fn show(
    Path(track_id): Path<String>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    view: Data<&View>,
) -> poem::Result<Response> {
    let db = database.read_transaction().await?;
    let track = match track(&db, &track_id).await {
        Err(Error::NotFound(_)) => return Ok(no_such_track(&layout, &track_id)),
        found => found?,
    };
    let ranks = query::track_ranks(&db, &track_id, clock.today()).await?;
    let main = html! {
        div.frame {
            (head(&track))
            @match &ranks {
                Some(ranks) => (on_the_lists(&track_id, ranks)),
                None => (on_no_list()),
            }
            div.track-sections {
                @if let Some(ranks) = &ranks { (stays::three_lists(ranks)) }
                @if *view == &View::Owner { (payload::payload(&track)) }
            }
            @if layout.is_for_owner() { (deletion("track", CONSEQUENCES, &address(&["tracks", &track_id, "delete"]))) }
        }
    };
    Ok(layout.page(page(&track.summary), main).into_response())
}

/// Takes the form that deletes the track.
#[handler]
pub async fn delete(
    Path(track_id): Path<String>,
    database: Data<&Database>,
    layout: Data<&Layout>,
    log: Log,
) -> poem::Result<Redirect> {
    store::delete_track(&database, &track_id).await?;
    log.record(Event::TrackDeleted, &track_id).await;
    Ok(Redirect::see_other(layout.home()))
}

fn page(track: &TrackSummary) -> Page<'_> {
    Page {
        title: match track.name.trim().is_empty() {
            true => "Untitled",
            false => &track.name,
        },
        description: "A track: its ranks over time, its stays on your lists, and its payload",
        room: ROOM,
        ..Page::default()
    }
}

fn no_such_track(layout: &Layout, track_id: &str) -> Response {
    let detail = html! { "The library has no track with the id " bdi { (track_id) } "." };
    let ways = [(search::PATH, "Search"), (ROOM, "See the lists")];
    not_found(layout, ROOM, ("No such track", detail), &ways)
}

fn head(track: &Track) -> Markup {
    let summary = &track.summary;
    html! {
        header.track-head {
            (cover(track.cover_url()))
            div {
                h1 {
                    (title(&summary.name))
                    @if summary.explicit == Some(true) { " " (explicit_mark()) }
                }
                (artist_link(&summary.artist_name, summary.artist_key.as_deref()))
                (release(summary))
                (open_in_spotify(summary.spotify_url.as_deref()))
            }
        }
    }
}

/// Album, year and length, as far as they are known.
fn release(track: &TrackSummary) -> Markup {
    let album = track.album_name.as_deref();
    let parts = [
        album
            .filter(|album| !album.is_empty())
            .map(|album| html! { bdi { (album) } }),
        track.release_year.map(|year| html! { (year) }),
        track.duration_ms.map(|ms| html! { (length(ms)) }),
    ];
    html! {
        p.release {
            @for (position, part) in parts.into_iter().flatten().enumerate() {
                @if position > 0 { span.between aria-hidden="true" { "·" } " " }
                (part) " "
            }
        }
    }
}

fn on_no_list() -> Markup {
    html! {
        section aria-labelledby="over-time" {
            (section_head("over-time", "Rank over time", html! {}))
            (nothing_yet("Never on a list that was kept."))
        }
    }
}

fn on_the_lists(track_id: &str, ranks: &TrackRanks) -> Markup {
    html! {
        div.panel { (cards(ranks.main())) }
        section.over-time aria-labelledby="over-time" {
            (chart::rank_chart(ranks))
            (stays::numbers(track_id, ranks))
        }
    }
}

fn cards(range: &RangeRanks) -> Markup {
    let rank = |rank: i32| html! { span.unit { "#" } (rank) };
    let name = range_name(range.time_range).to_lowercase();
    html! {
        dl.cards {
            @match range.now {
                Some(now) => (card("Now", rank(now), since(range))),
                None => (card("Now", html! { "off" }, html! {
                    "last on " (date(range.latest.day, DATE)) ", at " (range.latest.rank)
                })),
            }
            (card("Peak", rank(range.peak.rank), html! { "first on " (date(range.peak.day, DATE)) }))
            (card("Debut", rank(range.debut.rank), html! { "on " (date(range.debut.day, DATE)) }))
            (card("Days on the list", html! { (range.day_count) }, html! {
                "in " (counted(range.stays.len() as i64, "stay")) ", " (name)
            }))
        }
    }
}

fn since(range: &RangeRanks) -> Markup {
    html! {
        @if range.days_at_top > 0 { (counted(range.days_at_top, "day")) " at the top" }
        @else if let Some(stay) = range.stays.last() { "on since " (date(stay.from.day, DATE)) }
    }
}
