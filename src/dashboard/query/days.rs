//! The calendar of kept and missed days, drawn from the lists there are and the ledger.

use crate::error::Result;
use chrono::{Days, NaiveDate};
use entity::capture::{self, Outcome};
use entity::snapshot::{self, TimeRange};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// 26 weeks.
const SHOWN: u64 = 182;

/// The last 26 weeks up to the latest kept day, one entry a day, oldest first.
pub struct KeptDays {
    pub days: Vec<KeptDay>,
}

pub struct KeptDay {
    pub date: NaiveDate,
    pub outcome: DayOutcome,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOutcome {
    Kept,
    /// Every list is the one of the day kept before.
    Unchanged,
    Degraded,
    /// The provider sent empty lists and nothing else.
    Empty,
    Failed,
    Missed,
}

pub async fn kept_days(db: &impl ConnectionTrait, last: NaiveDate) -> Result<KeptDays> {
    // One day more, so that the first one shown has a day to be compared with.
    let first = last - Days::new(SHOWN);
    let lists = lists(db, first, last).await?;
    let mut attempts = attempts(db, first, last).await?;
    let mut before = lists.get(&first);
    let mut days = Vec::new();
    for date in first.iter_days().skip(1).take_while(|date| *date <= last) {
        let attempts = attempts.remove(&date).unwrap_or_default();
        let today = lists.get(&date);
        let outcome = match today {
            Some(_) if attempts.contains_key(&Outcome::Degraded) => DayOutcome::Degraded,
            Some(_) if today == before => DayOutcome::Unchanged,
            Some(_) => DayOutcome::Kept,
            None if attempts.contains_key(&Outcome::Failed) => DayOutcome::Failed,
            None if attempts.contains_key(&Outcome::Empty) => DayOutcome::Empty,
            None => DayOutcome::Missed,
        };
        before = today.or(before);
        let reason = attempts.into_values().flatten().next();
        days.push(KeptDay {
            date,
            outcome,
            reason,
        });
    }
    Ok(KeptDays { days })
}

type Lists = Vec<(TimeRange, i32, String)>;

/// What stood on the lists of each day.
async fn lists(
    db: &impl ConnectionTrait,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Lists>> {
    let rows: Vec<(NaiveDate, TimeRange, i32, String)> = snapshot::Entity::find()
        .select_only()
        .columns([
            snapshot::Column::SnapshotDate,
            snapshot::Column::TimeRange,
            snapshot::Column::Rank,
            snapshot::Column::TrackId,
        ])
        .filter(snapshot::Column::SnapshotDate.between(first, last))
        .order_by_asc(snapshot::Column::SnapshotDate)
        .order_by_asc(snapshot::Column::TimeRange)
        .order_by_asc(snapshot::Column::Rank)
        .order_by_asc(snapshot::Column::TrackId)
        .into_tuple()
        .all(db)
        .await?;
    let mut days: BTreeMap<_, Lists> = BTreeMap::new();
    for (date, time_range, rank, track_id) in rows {
        days.entry(date)
            .or_default()
            .push((time_range, rank, track_id));
    }
    Ok(days)
}

/// How the attempts of each day ended, with a reason where one was given.
async fn attempts(
    db: &impl ConnectionTrait,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<BTreeMap<NaiveDate, BTreeMap<Outcome, Option<String>>>> {
    let rows: Vec<(NaiveDate, Outcome, Option<String>)> = capture::Entity::find()
        .select_only()
        .columns([
            capture::Column::SnapshotDate,
            capture::Column::Outcome,
            capture::Column::Reason,
        ])
        .filter(capture::Column::SnapshotDate.between(first, last))
        .order_by_asc(capture::Column::CapturedAt)
        .into_tuple()
        .all(db)
        .await?;
    let mut days: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for (date, outcome, reason) in rows {
        days.entry(date).or_default().insert(outcome, reason);
    }
    Ok(days)
}
