//! The calendar of kept and missed days, drawn from the lists there are and the ledger.

use crate::error::Result;
use crate::snapshots::lists::Known;
use chrono::{Days, NaiveDate};
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::Query;
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
    /// The list is the one of the day kept before.
    Unchanged,
    Degraded,
    /// The provider sent empty lists and nothing else.
    Empty,
    Failed,
    Missed,
}

/// The days up to `last`, told by the days on which any list was kept and the lists of `time_range`.
pub async fn kept_days(
    moment: &impl ConnectionTrait,
    known: &mut Known,
    kept: &[NaiveDate],
    last: NaiveDate,
    time_range: TimeRange,
) -> Result<KeptDays> {
    let first = last - Days::new(SHOWN - 1);
    let before = known.day_before(time_range, first);
    let span = (before.unwrap_or(first), last);
    let lists = known.fingerprints(moment, time_range, span).await?;
    let mut attempts = attempts(moment, first, last).await?;
    let mut latest = before.and_then(|before| lists.get(&before));
    let mut days = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        let attempts = attempts.remove(&date).unwrap_or_default();
        let today = lists.get(&date);
        let is_same = today.is_some() && today == latest;
        let (outcome, reason) = outcome(kept.binary_search(&date).is_ok(), is_same, attempts);
        latest = today.or(latest);
        days.push(KeptDay {
            date,
            outcome,
            reason,
        });
    }
    Ok(KeptDays { days })
}

/// The outcomes of a day's last attempts, one a time range, each with its reason.
type Attempts = BTreeMap<TimeRange, (Outcome, Option<String>)>;

fn outcome(is_kept: bool, is_same: bool, attempts: Attempts) -> (DayOutcome, Option<String>) {
    let ended = |outcome| {
        let mut attempts = attempts.values();
        attempts.find_map(|(ended, reason)| (*ended == outcome).then(|| reason.clone()))
    };
    if is_kept {
        return match ended(Outcome::Degraded) {
            Some(reason) => (DayOutcome::Degraded, reason),
            None if is_same => (DayOutcome::Unchanged, None),
            None => (DayOutcome::Kept, None),
        };
    }
    if let Some(reason) = ended(Outcome::Failed) {
        return (DayOutcome::Failed, reason);
    }
    match ended(Outcome::Empty) {
        Some(reason) => (DayOutcome::Empty, reason),
        None => (DayOutcome::Missed, None),
    }
}

/// How the attempts of each day ended; of several for a range the last one counts, and one that
/// brought a list counts before one that did not.
async fn attempts(
    db: &impl ConnectionTrait,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Attempts>> {
    // Most days are those on which nothing went wrong: there is nothing to tell of their attempts.
    let gone_wrong = Query::select()
        .column(capture::Column::SnapshotDate)
        .from(capture::Entity)
        .and_where(capture::Column::SnapshotDate.between(first, last))
        .and_where(capture::Column::Outcome.is_not_in([Outcome::Captured, Outcome::Unchanged]))
        .to_owned();
    let rows: Vec<(NaiveDate, TimeRange, Outcome, Option<String>)> = capture::Entity::find()
        .select_only()
        .columns([
            capture::Column::SnapshotDate,
            capture::Column::TimeRange,
            capture::Column::Outcome,
            capture::Column::Reason,
        ])
        .filter(capture::Column::SnapshotDate.in_subquery(gone_wrong))
        .order_by_asc(capture::Column::CapturedAt)
        .order_by_asc(capture::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    let has_list = |outcome| !matches!(outcome, Outcome::Empty | Outcome::Failed);
    let mut days: BTreeMap<_, Attempts> = BTreeMap::new();
    for (date, time_range, outcome, reason) in rows {
        let day = days.entry(date).or_default();
        let kept = day.get(&time_range).map(|(outcome, _)| *outcome);
        if has_list(outcome) || !kept.is_some_and(has_list) {
            day.insert(time_range, (outcome, reason));
        }
    }
    Ok(days)
}
