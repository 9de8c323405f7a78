//! The ledger, newest day first.

use crate::api::cursor::{self, Cursor, Dated};
use crate::error::Result;
use crate::features::snapshots::query::Filter;
use crate::owner::View;
use crate::secrets;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SimpleExpr};
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

/// The cursor of a page: the key of its last row, with a hash of its source.
pub type Position = (Dated<NaiveDate>, String, Dated<DateTime<Utc>>, String);

/// The ledger, newest day first; of one day the short range first, of one list the last attempt.
pub async fn captures(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<Position>,
    limit: u64,
) -> Result<CapturePage> {
    let after = match after {
        Some(position) => Some(self::after(position_of_source(db, position).await?)),
        None => None,
    };
    let condition = Condition::all()
        .add_option(filter.time_range.map(|range| Column::TimeRange.eq(range)))
        .add_option(filter.from.map(|from| Column::SnapshotDate.gte(from)))
        .add_option(filter.to.map(|to| Column::SnapshotDate.lte(to)))
        .add_option(after);
    let mut rows = capture::Entity::find()
        .filter(condition)
        .order_by_desc(Column::SnapshotDate)
        .order_by_desc(Column::TimeRange)
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::Source)
        .limit(limit + 1)
        .all(db)
        .await?;
    let next_cursor = cursor::next(&mut rows, limit, |last| {
        Cursor::encode(&(
            last.snapshot_date,
            last.time_range.word(),
            last.captured_at,
            source_hash(&last.source),
        ))
    });
    Ok(CapturePage {
        items: rows.into_iter().map(Capture::from).collect(),
        next_cursor,
    })
}

/// Cursors have a hash of a source, because the public gets cursors too.
pub fn source_hash(source: &str) -> String {
    let mut hash = secrets::hash(source);
    hash.truncate(16);
    hash
}

/// The source of an attempt by its hash. An attempt that has gone meanwhile counts as the last of its instant.
pub async fn source_of(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: &str,
    captured_at: DateTime<Utc>,
    hash: &str,
) -> Result<String> {
    let sources: Vec<String> = capture::Entity::find()
        .select_only()
        .column(Column::Source)
        .filter(Column::SnapshotDate.eq(date))
        .filter(Expr::col(Column::TimeRange).eq(time_range))
        .filter(Column::CapturedAt.eq(captured_at))
        .into_tuple()
        .all(db)
        .await?;
    let source = sources
        .into_iter()
        .find(|source| source_hash(source) == hash);
    Ok(source.unwrap_or_default())
}

async fn position_of_source(
    db: &impl ConnectionTrait,
    (date, range, captured_at, hash): Position,
) -> Result<Position> {
    let source = source_of(db, date.0, &range, captured_at.0, &hash).await?;
    Ok((date, range, captured_at, source))
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

fn after((Dated(date), range, Dated(captured_at), source): Position) -> SimpleExpr {
    let columns = [
        Column::SnapshotDate,
        Column::TimeRange,
        Column::CapturedAt,
        Column::Source,
    ];
    let key = [
        Expr::val(date),
        Expr::val(range),
        Expr::val(captured_at),
        Expr::val(source),
    ];
    let columns = columns.map(|column| Expr::col((capture::Entity, column)));
    cursor::after(Order::Desc, columns, key)
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
