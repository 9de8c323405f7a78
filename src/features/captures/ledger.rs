//! The ledger as a page shows it: what happened to the lists of a day, in one row if it was the same for several ranges.

use super::query::{source_hash, source_of};
use crate::api::cursor::{self, Cursor, Dated};
use crate::error::Result;
use crate::owner::View;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{Expr, Order};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Rows of a page.
const ROWS: usize = 30;
/// Attempts read for a page. A row has at most one attempt for each range.
const ATTEMPTS: usize = (ROWS + 1) * TimeRange::ALL.len();

/// A page of the ledger, newest day first.
pub struct Ledger {
    pub rows: Vec<LedgerRow>,
    /// The cursor of the next page.
    pub older: Option<String>,
}

/// Attempts of one day with the same outcome, reason, source and number of tracks; or a day without any attempt.
pub struct LedgerRow {
    pub snapshot_date: NaiveDate,
    /// The shortest first.
    pub time_ranges: Vec<TimeRange>,
    /// `None` if the day was missed.
    pub attempt: Option<Attempt>,
}

/// The first of the attempts of a row.
pub struct Attempt {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub source: String,
    pub track_count: i32,
    pub attempt_count: i32,
    pub captured_at: DateTime<Utc>,
    time_range: TimeRange,
}

/// Which rows there are.
pub enum Attempts {
    /// Every attempt.
    All,
    /// The attempts that brought no good list, and these missed days, newest first.
    Wrong {
        missed: Vec<(NaiveDate, Vec<TimeRange>)>,
    },
}

/// The key of the last row of a page. A missed day comes after the attempts of that day, and has no more members.
pub type Position = (
    Dated<NaiveDate>,
    Option<Dated<DateTime<Utc>>>,
    Option<String>,
    Option<String>,
);

/// A page of the ledger of some days: from the first to the last, if there are such.
pub async fn ledger(
    db: &impl ConnectionTrait,
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    attempts: Attempts,
    after: Option<Position>,
) -> Result<Ledger> {
    let mut condition = Condition::all()
        .add_option(first.map(|first| Column::SnapshotDate.gte(first)))
        .add_option(last.map(|last| Column::SnapshotDate.lte(last)));
    let mut missed = match attempts {
        Attempts::All => Vec::new(),
        Attempts::Wrong { missed } => {
            let good = [Outcome::Captured, Outcome::Unchanged];
            condition = condition.add(Column::Outcome.is_not_in(good));
            missed
        }
    };
    if let Some(after) = after {
        missed.retain(|(date, _)| is_after(*date, &after));
        condition = condition.add(attempts_after(with_source(db, after).await?));
    }
    let found = capture::Entity::find()
        .filter(condition)
        .order_by_desc(Column::SnapshotDate)
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::TimeRange)
        .order_by_desc(Column::Source)
        .limit(ATTEMPTS as u64)
        .all(db)
        .await?;
    let is_cut = found.len() == ATTEMPTS;
    let mut rows = rows(found);
    if is_cut {
        // More attempts may belong to it.
        rows.pop();
    }
    rows.extend(missed.into_iter().map(LedgerRow::missed));
    // The sort is stable: missed days stay behind the attempts of their day.
    rows.sort_by_key(|row| std::cmp::Reverse(row.snapshot_date));
    let is_last = !is_cut && rows.len() <= ROWS;
    rows.truncate(ROWS);
    let older = rows.last().filter(|_| !is_last).map(LedgerRow::cursor);
    Ok(Ledger { rows, older })
}

/// A cursor has a hash of the source.
async fn with_source(db: &impl ConnectionTrait, position: Position) -> Result<Position> {
    let (Dated(date), Some(Dated(at)), Some(time_range), Some(hash)) = position else {
        return Ok(position);
    };
    let source = source_of(db, date, &time_range, at, &hash).await?;
    Ok((Dated(date), Some(Dated(at)), Some(time_range), Some(source)))
}

fn is_after(missed: NaiveDate, (Dated(date), at, ..): &Position) -> bool {
    match at {
        Some(_) => missed <= *date,
        None => missed < *date,
    }
}

fn attempts_after((Dated(date), at, time_range, source): Position) -> Condition {
    let (Some(Dated(at)), Some(time_range), Some(source)) = (at, time_range, source) else {
        return Condition::all().add(Column::SnapshotDate.lt(date));
    };
    let columns = [
        Column::SnapshotDate,
        Column::CapturedAt,
        Column::TimeRange,
        Column::Source,
    ];
    let columns = columns.map(|column| Expr::col((capture::Entity, column)));
    let key = [
        Expr::val(date),
        Expr::val(at),
        Expr::val(time_range),
        Expr::val(source),
    ];
    // The first condition leads the engines to the index.
    Condition::all()
        .add(Column::SnapshotDate.lte(date))
        .add(cursor::after(Order::Desc, columns, key))
}

/// Consecutive attempts that differ only in range and time share a row.
fn rows(attempts: Vec<capture::Model>) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    for attempt in attempts {
        match rows.last_mut() {
            Some(row) if row.takes(&attempt) => row.add(attempt),
            _ => rows.push(LedgerRow::of(attempt)),
        }
    }
    rows
}

impl Ledger {
    /// Without what the public does not see.
    pub fn of_view(mut self, view: &View) -> Self {
        if *view == View::Public {
            let rows = self.rows.iter_mut();
            for attempt in rows.filter_map(|row| row.attempt.as_mut()) {
                attempt.source = String::new();
                attempt.reason = None;
            }
        }
        self
    }
}

impl LedgerRow {
    fn of(attempt: capture::Model) -> Self {
        Self {
            snapshot_date: attempt.snapshot_date,
            time_ranges: vec![attempt.time_range],
            attempt: Some(Attempt::from(attempt)),
        }
    }

    fn missed((snapshot_date, time_ranges): (NaiveDate, Vec<TimeRange>)) -> Self {
        Self {
            snapshot_date,
            time_ranges,
            attempt: None,
        }
    }

    fn takes(&self, other: &capture::Model) -> bool {
        self.snapshot_date == other.snapshot_date
            && !self.time_ranges.contains(&other.time_range)
            && self.attempt.as_ref().is_some_and(|attempt| {
                attempt.outcome == other.outcome
                    && attempt.reason == other.reason
                    && attempt.source == other.source
                    && attempt.track_count == other.track_count
                    && attempt.attempt_count == other.attempt_count
            })
    }

    fn add(&mut self, attempt: capture::Model) {
        self.time_ranges.push(attempt.time_range);
        self.time_ranges.sort();
        if let Some(last) = &mut self.attempt {
            last.captured_at = attempt.captured_at;
            last.time_range = attempt.time_range;
        }
    }

    fn cursor(&self) -> String {
        let attempt = self.attempt.as_ref();
        Cursor::encode(&(
            self.snapshot_date,
            attempt.map(|attempt| attempt.captured_at),
            attempt.map(|attempt| attempt.time_range.word()),
            attempt.map(|attempt| source_hash(&attempt.source)),
        ))
    }
}

impl From<capture::Model> for Attempt {
    fn from(row: capture::Model) -> Self {
        Self {
            outcome: row.outcome,
            reason: row.reason,
            source: row.source,
            track_count: row.track_count,
            attempt_count: row.attempt_count,
            captured_at: row.captured_at,
            time_range: row.time_range,
        }
    }
}
