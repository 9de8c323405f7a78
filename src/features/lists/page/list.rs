//! The list of a day, with what changed since the list before.

use super::absent::{self, Absent};
use super::left::left_the_list;
use super::table::whole_list;
use super::{NAVIGATION, choose_day};
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::features::captures::page::is_day_only;
use crate::features::captures::query::kept_at;
use crate::features::changes::page::panel;
use crate::features::changes::query::{ComparedList, Since, compared_list};
use crate::features::lists::query::{Surroundings, surroundings};
use crate::features::snapshots::page::{LISTS, list_address, range_name, range_tabs};
use crate::html::components::{
    WEEKDAY_AND_DATE, WEEKDAY_AND_DAY, counted, date, deletion, hidden, take_away,
};
use crate::html::controls::{Way, address, pager};
use crate::html::layout::{Layout, Page};
use crate::owner::{self, Log};
use crate::payload;
use crate::store;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::log_entry::Event;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::http::StatusCode;
use poem::web::{Data, Path, Redirect};
use poem::{IntoResponse, Response, handler};

/// The title of the page of a day: `Saturday 21 November 2026`.
const LONG_DAY: &str = "%A %-d %B %Y";

const CONSEQUENCES: &str = "Its ranks go; the tracks and the ledger stay. Spotify’s lists carry no date, so it cannot be \
    fetched again. Importing the list again brings it back.";

/// A list with what is around it.
struct View {
    list: ComparedList,
    around: Surroundings,
    kept_at: Option<DateTime<Utc>>,
}

#[handler]
pub async fn show(
    Path((day, word)): Path<(String, String)>,
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    audience: Data<&owner::View>,
) -> poem::Result<Response> {
    let (day, range) = key(&day, &word)?;
    let db = database.read_transaction().await?;
    let around = surroundings(&db, range, day, clock.today()).await?;
    let list = match compared_list(&db, (day, range), None).await {
        Ok(list) => list,
        Err(Error::NotFound(_)) => {
            let absent = Absent::of(&db, (day, range), around, clock.today()).await?;
            let page = absent::page(&layout, &absent.of_view(*audience));
            return Ok(page.with_status(StatusCode::NOT_FOUND).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let view = View {
        list,
        around,
        kept_at: kept_at(&db, day, range).await?,
    };
    Ok(page(&layout, &view, &clock).into_response())
}

/// Takes the form that deletes the list.
#[handler]
pub async fn delete(
    Path((day, word)): Path<(String, String)>,
    database: Data<&Database>,
    log: Log,
) -> poem::Result<Redirect> {
    let (day, range) = key(&day, &word)?;
    store::delete_list(&database, day, range).await?;
    log.record(Event::ListDeleted, &format!("{day} {}", range.word()))
        .await;
    Ok(Redirect::see_other(LISTS))
}

fn key(day: &str, word: &str) -> Result<(NaiveDate, TimeRange), Error> {
    let day = payload::day(day).map_err(|reason| Error::NotFound(format!("{day}: {reason}.")))?;
    let range = TimeRange::from_word(word).ok_or_else(|| {
        let words = TimeRange::ALL.map(TimeRange::word).join(", ");
        Error::NotFound(format!("{word}: one of {words} was expected."))
    })?;
    Ok((day, range))
}

fn page(layout: &Layout, view: &View, clock: &Clock) -> Markup {
    let View { list, around, .. } = view;
    let (day, range) = (list.snapshot_date, list.time_range);
    let title = format!("{}, {}", range_name(range), day.format(WEEKDAY_AND_DATE));
    let how_many = counted(list.tracks.len() as i64, "track");
    let description = format!(
        "The {} list of {}: {how_many}",
        range_name(range).to_lowercase(),
        day.format(LONG_DAY)
    );
    let neighbour = |day: Option<NaiveDate>| day.map(|day| list_address(day, range));
    let (previous, next) = (neighbour(around.before), neighbour(around.after));
    let page = Page {
        title: &title,
        description: &description,
        room: NAVIGATION.path,
        previous: previous.as_deref(),
        next: next.as_deref(),
        ..Page::default()
    };
    let content = html! {
        (day_head(day, html! { (how_many) (kept(view, clock)) }))
        (controls(day, range, around, ("First", "Latest")))
        @if let Some(since) = &list.since { (panel(list, since, full_diff(list, since))) }
        (sections(list))
        (take_away(&addresses(day, range)))
        @if layout.is_for_owner() { (deletion("list", CONSEQUENCES, &address(&["lists", &day.to_string(), range.word(), "delete"]))) }
    };
    layout.page(page, html! { div.frame { (content) } })
}

pub fn day_head(day: NaiveDate, about: Markup) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { (day.format(LONG_DAY)) }
                p { (about) }
            }
        }
    }
}

/// As in `, kept at 06:00`. The ledger may know only the day, or nothing.
fn kept(view: &View, clock: &Clock) -> Markup {
    let day = view.list.snapshot_date;
    let at = view.kept_at.filter(|at| !is_day_only(*at, day));
    html! {
        @if let Some(at) = at {
            @let local = clock.local(at);
            ", kept "
            @if local.date() != day { "on " (date(local.date(), WEEKDAY_AND_DATE)) " " }
            "at " time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) { (local.format("%H:%M")) }
        }
    }
}

/// Tabs for the ranges of the day, the form, and the days before and after.
/// `ends` are shown where there is no such day.
pub fn controls(
    day: NaiveDate,
    range: TimeRange,
    around: &Surroundings,
    ends: (&'static str, &'static str),
) -> Markup {
    let address = |day: Option<NaiveDate>| day.map(|day| list_address(day, range));
    let (before, after) = (address(around.before), address(around.after));
    html! {
        div.controls {
            (range_tabs(range, |range| list_address(day, range)))
            div.days {
                (choose_day(Some(range), Some(day), (around.first, around.latest), None))
                (pager(
                    "Lists before and after",
                    way(before.as_deref(), around.before, day, "previous list: ", ends.0),
                    way(after.as_deref(), around.after, day, "next list: ", ends.1),
                ))
            }
        }
    }
}

/// The year is named if it is not that of the day shown.
fn way<'a>(
    href: Option<&'a str>,
    to: Option<NaiveDate>,
    from: NaiveDate,
    about: &str,
    end: &'a str,
) -> Way<'a> {
    let (Some(href), Some(to)) = (href, to) else {
        return Way::End(end);
    };
    let format = match to.year() == from.year() {
        true => WEEKDAY_AND_DAY,
        false => WEEKDAY_AND_DATE,
    };
    let name = html! { (hidden(about)) (date(to, format)) };
    Way::To { href, name }
}

fn full_diff(list: &ComparedList, since: &Since) -> Markup {
    let (since, day) = (since.date.to_string(), list.snapshot_date.to_string());
    html! {
        a href=(address(&["changes", list.time_range.word(), &since, &day])) { "Full diff" }
    }
}

fn sections(list: &ComparedList) -> Markup {
    let left = list.since.as_ref().map_or(&[][..], |since| &since.left);
    html! {
        div.list-sections.with-left[!left.is_empty()] {
            section.the-list aria-labelledby="the-list" {
                h2 #the-list.visually-hidden { "The list" }
                (whole_list(list))
            }
            @if !left.is_empty() { (left_the_list(left)) }
        }
    }
}

fn addresses(day: NaiveDate, range: TimeRange) -> [(&'static str, String); 2] {
    let list = address(&["api", "snapshots", &day.to_string(), range.word()]);
    [
        ("This list as JSON", list.clone()),
        ("as CSV", format!("{list}?format=csv")),
    ]
}
