//! The ledger as a page shows it: what happened to the lists of a day, in one row if it was the same for several ranges.

use crate::api::cursor::{Cursor, Dated};
use crate::error::Result;
use crate::owner::View;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{Expr, ExprTrait};
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
    /// The attempts of this day, instant and range so far.
    seen: u32,
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

/// The day, instant and range of the last attempt of a page, and how many attempts with the same were on this page and
/// before. A missed day comes after the attempts of that day, and has no more members.
pub type Position = (
    Dated<NaiveDate>,
    Option<Dated<DateTime<Utc>>>,
    Option<String>,
    Option<u32>,
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
    if let Some(after) = &after {
        missed.retain(|(date, _)| is_after(*date, after));
        condition = condition.add(attempts_after(after));
    }
    let found = capture::Entity::find()
        .filter(condition)
        .order_by_desc(Column::SnapshotDate)
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::TimeRange)
        .order_by_desc(Column::Source)
        .offset(after.as_ref().and_then(|(.., seen)| seen.map(u64::from)))
        .limit(ATTEMPTS as u64)
        .all(db)
        .await?;
    let is_cut = found.len() == ATTEMPTS;
    let mut rows = rows(found, after.as_ref());
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

fn is_after(missed: NaiveDate, (Dated(date), at, ..): &Position) -> bool {
    match at {
        Some(_) => missed <= *date,
        None => missed < *date,
    }
}

/// The attempts of this day, instant and range, and those that follow.
fn attempts_after((Dated(date), at, time_range, _): &Position) -> Condition {
    let (Some(Dated(at)), Some(time_range)) = (at, time_range) else {
        return Condition::all().add(Column::SnapshotDate.lt(*date));
    };
    let columns = [Column::SnapshotDate, Column::CapturedAt, Column::TimeRange];
    let columns = columns.map(|column| Expr::col((capture::Entity, column)));
    let key = [
        Expr::val(*date),
        Expr::val(*at),
        Expr::val(time_range.as_str()),
    ];
    // The first condition leads the engines to the index.
    Condition::all()
        .add(Column::SnapshotDate.lte(*date))
        .add(Expr::tuple(columns).lte(Expr::tuple(key)))
}

/// Consecutive attempts that differ only in range and time share a row.
fn rows(attempts: Vec<capture::Model>, after: Option<&Position>) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    let (mut previous, mut seen) = (after.and_then(key_of), 0);
    if let Some((.., Some(before))) = after {
        seen = *before;
    }
    for attempt in attempts {
        let key = (
            attempt.snapshot_date,
            attempt.captured_at,
            attempt.time_range.word().to_owned(),
        );
        seen = if previous.as_ref() == Some(&key) {
            seen.saturating_add(1)
        } else {
            1
        };
        previous = Some(key);
        match rows.last_mut() {
            Some(row) if row.takes(&attempt) => row.add(attempt, seen),
            _ => rows.push(LedgerRow::of(attempt, seen)),
        }
    }
    rows
}

fn key_of((Dated(date), at, range, _): &Position) -> Option<(NaiveDate, DateTime<Utc>, String)> {
    let at = at.as_ref().map(|Dated(at)| *at);
    Some((*date, at?, range.clone()?))
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
    fn of(attempt: capture::Model, seen: u32) -> Self {
        Self {
            snapshot_date: attempt.snapshot_date,
            time_ranges: vec![attempt.time_range],
            attempt: Some(Attempt::of(attempt, seen)),
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

    fn add(&mut self, attempt: capture::Model, seen: u32) {
        self.time_ranges.push(attempt.time_range);
        self.time_ranges.sort();
        if let Some(last) = &mut self.attempt {
            last.captured_at = attempt.captured_at;
            last.time_range = attempt.time_range;
            last.seen = seen;
        }
    }

    fn cursor(&self) -> String {
        let attempt = self.attempt.as_ref();
        Cursor::encode(&(
            self.snapshot_date,
            attempt.map(|attempt| attempt.captured_at),
            attempt.map(|attempt| attempt.time_range.word()),
            attempt.map(|attempt| attempt.seen),
        ))
    }
}

impl Attempt {
    fn of(row: capture::Model, seen: u32) -> Self {
        Self {
            outcome: row.outcome,
            reason: row.reason,
            source: row.source,
            track_count: row.track_count,
            attempt_count: row.attempt_count,
            captured_at: row.captured_at,
            time_range: row.time_range,
            seen,
        }
    }
}
