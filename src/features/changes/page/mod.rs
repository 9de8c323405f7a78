//! Pages of changes: two lists of any days side by side. And parts of other pages: the rows of a list with their
//! movement, and the panel that counts them.

mod comparison;
mod days;
mod groups;
mod missing;
mod panel;
mod ranking;
mod slopes;
mod tail;

pub use panel::panel;
pub use ranking::{movement_mark, muted_movement, ranking};
pub use tail::{tail_heading, tied_ranking};

use super::query::compared_list;
use crate::clock::Clock;
use crate::db::Database;
use crate::features::snapshots::page::range_or_default;
use crate::html::controls::address;
use crate::html::layout::{Layout, NavigationEntry};
use crate::payload;
use crate::store::connection::connection;
use chrono::NaiveDate;
use days::{Asked, Pair, compared_days, nearest_pair};
use entity::snapshot::TimeRange;
use poem::error::NotFoundError;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query, Redirect};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;

pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: "/changes",
    name: "Changes",
};

/// The address of a comparison.
pub const COMPARISON: &str = "/changes/:time_range/:since/:snapshot_date";

/// The parameters of both pages. Those that are not valid are ignored.
pub const PARAMETERS: &[&str] = &["time_range", "since", "date"];

#[derive(Deserialize)]
struct Parameters {
    time_range: Option<String>,
    since: Option<String>,
    date: Option<String>,
}

impl Parameters {
    fn asked(&self) -> Asked {
        let day = |text: &Option<String>| payload::day(text.as_deref()?).ok();
        Asked {
            since: day(&self.since),
            date: day(&self.date),
        }
    }
}

pub fn comparison_address(time_range: TimeRange, (since, date): Pair) -> String {
    let (since, date) = (since.to_string(), date.to_string());
    address(&["changes", time_range.word(), &since, &date])
}

/// Redirects to the comparison of the days asked for, or of the latest list and the list before. Days without a list
/// are in the query of the address, so that the page can say that it shows others.
#[handler]
pub async fn latest(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    parameters: Query<Parameters>,
) -> poem::Result<Response> {
    let db = database.read_transaction().await?;
    let today = clock.today();
    let time_range = range_or_default(parameters.time_range.as_deref());
    let asked = parameters.asked().in_order();
    let Some(pair) = nearest_pair(&db, time_range, asked, today).await? else {
        let is_connected = connection(&db).await?.is_some();
        return Ok(missing::too_few_lists(&layout, time_range, is_connected).into_response());
    };
    let address = comparison_address(time_range, pair) + &asked_days(asked, pair);
    Ok(Redirect::temporary(address).into_response())
}

/// The days asked for that are not shown, as a query.
fn asked_days(asked: Asked, (since, date): Pair) -> String {
    let days = [("since", asked.since, since), ("date", asked.date, date)];
    let moved = days.into_iter().filter_map(|(name, asked, shown)| {
        asked.filter(|asked| *asked != shown).map(|day| (name, day))
    });
    let pairs: Vec<_> = moved.map(|(name, day)| format!("{name}={day}")).collect();
    match pairs.is_empty() {
        true => String::new(),
        false => format!("?{}", pairs.join("&")),
    }
}

#[handler]
pub async fn show(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    Path((time_range, since, date)): Path<(String, String, String)>,
    parameters: Query<Parameters>,
) -> poem::Result<Response> {
    let (time_range, pair) = compared(&time_range, &since, &date).ok_or(NotFoundError)?;
    let db = database.read_transaction().await?;
    let (asked, today) = (parameters.asked(), clock.today());
    let days = compared_days(&db, time_range, pair, (asked, today)).await?;
    if days.since.is_kept() && days.date.is_kept() && pair.0 < pair.1 {
        let list = compared_list(&db, (pair.1, time_range), Some(pair.0)).await?;
        return Ok(comparison::page(&layout, &list, &days).into_response());
    }
    let asked = Asked {
        since: Some(pair.0),
        date: Some(pair.1),
    };
    let nearest = nearest_pair(&db, time_range, asked, today).await?;
    if let Some(nearest) = nearest.filter(|_| days.since.is_kept() && days.date.is_kept()) {
        return Ok(Redirect::temporary(comparison_address(time_range, nearest)).into_response());
    }
    let page = missing::no_such_lists(&layout, time_range, &days, nearest);
    Ok(page.with_status(StatusCode::NOT_FOUND).into_response())
}

fn compared(time_range: &str, since: &str, date: &str) -> Option<(TimeRange, Pair)> {
    let day = |text: &str| -> Option<NaiveDate> { payload::day(text).ok() };
    Some((TimeRange::from_word(time_range)?, (day(since)?, day(date)?)))
}
