//! The ledger, newest day first.

use crate::error::Result;
use crate::snapshots::query::Filter;
use crate::web::cursor::{self, Cursor, Dated};
use crate::web::outcome::Outcome;
use crate::web::time_range::Range;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column};
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
    pub time_range: Range,
    /// When the list was taken; midnight UTC when only the day is known.
    pub captured_at: DateTime<Utc>,
    /// Where it came from: a file's path, `api`.
    pub source: String,
    pub outcome: Outcome,
    /// Why, when the outcome alone does not say.
    pub reason: Option<String>,
    /// Track objects in the answer.
    pub track_count: i32,
}

/// A page of the ledger.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct CapturePage {
    pub items: Vec<Capture>,
    /// Send it as `cursor` to get the next page; left out on the last one.
    pub next_cursor: Option<String>,
}

impl Example for CapturePage {
    fn example() -> Self {
        Self {
            items: vec![Capture {
                snapshot_date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March"),
                time_range: Range::ShortTerm,
                captured_at: DateTime::from_timestamp(1_772_348_400, 0).expect("an instant"),
                source: "api".into(),
                outcome: Outcome::Captured,
                reason: None,
                track_count: 50,
            }],
            next_cursor: None,
        }
    }
}

/// Where a page of the ledger ended: the key of its last row.
pub type Place = (Dated<NaiveDate>, String, Dated<DateTime<Utc>>, String);

/// The ledger, newest day first; of one day the short range first, of one list the last attempt.
pub async fn captures(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<CapturePage> {
    let condition = Condition::all()
        .add_option(filter.time_range.map(|range| Column::TimeRange.eq(range)))
        .add_option(filter.from.map(|from| Column::SnapshotDate.gte(from)))
        .add_option(filter.to.map(|to| Column::SnapshotDate.lte(to)))
        .add_option(after.map(behind));
    let mut rows = capture::Entity::find()
        .filter(condition)
        .order_by_desc(Column::SnapshotDate)
        .order_by_desc(Column::TimeRange)
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::Source)
        .limit(limit + 1)
        .all(db)
        .await?;
    let next_cursor = cursor::end_page(&mut rows, limit, |last| {
        Cursor::of(&(
            last.snapshot_date,
            last.time_range.word(),
            last.captured_at,
            &last.source,
        ))
    });
    Ok(CapturePage {
        items: rows.into_iter().map(Capture::from).collect(),
        next_cursor,
    })
}

/// Both engines compare rows member by member, and find the place in the key's own index.
fn behind((Dated(date), range, Dated(captured_at), source): Place) -> SimpleExpr {
    let column = |column: Column| Expr::col((capture::Entity, column));
    let key = Expr::tuple([
        column(Column::SnapshotDate),
        column(Column::TimeRange),
        column(Column::CapturedAt),
        column(Column::Source),
    ]);
    key.lt(Expr::tuple([
        Expr::val(date),
        Expr::val(range),
        Expr::val(captured_at),
        Expr::val(source),
    ]))
}

impl From<capture::Model> for Capture {
    fn from(row: capture::Model) -> Self {
        Self {
            snapshot_date: row.snapshot_date,
            time_range: row.time_range.into(),
            captured_at: row.captured_at,
            source: row.source,
            outcome: row.outcome,
            reason: row.reason,
            track_count: row.track_count,
        }
    }
}
