//! The ledger, newest day first.

use crate::api::cursor::{Cursor, Dated};
use crate::error::Result;
use crate::features::snapshots::query::Filter;
use crate::owner::View;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// One attempt to take a list.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Capture {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    /// When the list was taken; midnight UTC if only the day is known.
    pub captured_at: DateTime<Utc>,
    /// Where the list came from: a file's path, `api` or `spotify`. Left out for the public.
    pub source: Option<String>,
    pub outcome: Outcome,
    /// The reason of a refusal or failure. Left out for the public.
    pub reason: Option<String>,
    /// Track objects in the answer.
    pub track_count: i32,
    /// Attempts one after the other that failed for the same reason share an item. Otherwise 1.
    pub attempt_count: i32,
}

/// The rows of the lists that were asked for.
#[derive(Clone, Debug, Object)]
pub struct CaptureResult {
    pub items: Vec<Capture>,
}

/// A page of the ledger.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct CapturePage {
    pub items: Vec<Capture>,
    /// Send it as `cursor` to get the next page. Left out on the last page.
    pub next_cursor: Option<String>,
}

impl Example for CapturePage {
    fn example() -> Self {
        Self {
            items: vec![Capture {
                snapshot_date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March"),
                time_range: TimeRange::ShortTerm,
                captured_at: DateTime::from_timestamp(1_772_348_400, 0).expect("an instant"),
                source: Some("api".into()),
                outcome: Outcome::Captured,
                reason: None,
                track_count: 50,
                attempt_count: 1,
            }],
            next_cursor: None,
        }
    }
}

/// When the list of a day came that is kept, as far as the ledger knows.
pub async fn kept_at(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Option<DateTime<Utc>>> {
    let attempts = capture::Entity::find()
        .select_only()
        .column(Column::CapturedAt)
        .filter(Column::SnapshotDate.eq(date))
        .filter(Column::TimeRange.eq(time_range))
        .filter(Column::Outcome.is_in([Outcome::Captured, Outcome::Degraded]))
        .order_by_desc(Column::CapturedAt);
    Ok(attempts.limit(1).into_tuple().one(db).await?)
}

/// The cursor of a page: the day, range and instant of its last row, and how many rows with the same were on this page and
/// before. It has no source, because the public gets cursors too.
pub type Position = (Dated<NaiveDate>, String, Dated<DateTime<Utc>>, u32);

/// The ledger, newest day first; of one day the short range first, of one list the last attempt.
pub async fn captures(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<Position>,
    limit: u64,
) -> Result<CapturePage> {
    let condition = Condition::all()
        .add_option(filter.time_range.map(|range| Column::TimeRange.eq(range)))
        .add_option(filter.from.map(|from| Column::SnapshotDate.gte(from)))
        .add_option(filter.to.map(|to| Column::SnapshotDate.lte(to)))
        .add_option(after.as_ref().map(not_before));
    let mut rows = capture::Entity::find()
        .filter(condition)
        .order_by_desc(Column::SnapshotDate)
        .order_by_desc(Column::TimeRange)
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::Source)
        .offset(after.as_ref().map(|(.., seen)| u64::from(*seen)))
        .limit(limit + 1)
        .all(db)
        .await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| is_more);
    let next_cursor = last.map(|last| position(last, &rows, after.as_ref()));
    Ok(CapturePage {
        items: rows.into_iter().map(Capture::from).collect(),
        next_cursor,
    })
}

impl CapturePage {
    /// Without what the public does not see.
    pub fn of_view(mut self, view: &View) -> Self {
        if *view == View::Public {
            for item in &mut self.items {
                item.source = None;
                item.reason = None;
            }
        }
        self
    }
}

/// The cursor of a page with this last row.
fn position(last: &capture::Model, rows: &[capture::Model], before: Option<&Position>) -> String {
    let key = |row: &capture::Model| (row.snapshot_date, row.time_range, row.captured_at);
    let same = rows.iter().rev().take_while(|row| key(row) == key(last));
    let mut seen = same.count() as u32;
    if let Some((Dated(date), range, Dated(at), before)) = before
        && (*date, range.as_str(), *at)
            == (last.snapshot_date, last.time_range.word(), last.captured_at)
    {
        seen = seen.saturating_add(*before);
    }
    let (date, range, at) = (last.snapshot_date, last.time_range.word(), last.captured_at);
    Cursor::encode(&(date, range, at, seen))
}

/// The rows of this day, range and instant, and those that follow.
fn not_before((Dated(date), range, Dated(captured_at), _): &Position) -> SimpleExpr {
    let columns = [Column::SnapshotDate, Column::TimeRange, Column::CapturedAt];
    let columns = columns.map(|column| Expr::col((capture::Entity, column)));
    let key = [
        Expr::val(*date),
        Expr::val(range.as_str()),
        Expr::val(*captured_at),
    ];
    Expr::tuple(columns).lte(Expr::tuple(key))
}

impl From<capture::Model> for Capture {
    fn from(row: capture::Model) -> Self {
        Self {
            snapshot_date: row.snapshot_date,
            time_range: row.time_range,
            captured_at: row.captured_at,
            source: Some(row.source),
            outcome: row.outcome,
            reason: row.reason,
            track_count: row.track_count,
            attempt_count: row.attempt_count,
        }
    }
}
