//! The state of each day: whether a list was kept, and if not, why.

use super::query::{day_before, rankings};
use crate::error::Result;
use chrono::NaiveDate;
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

pub struct Day {
    pub date: NaiveDate,
    pub state: DayState,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// A list of any range was kept.
    Kept,
    /// The list equals the list before.
    Same,
    /// The last attempt to take the list brought placeholders instead of albums.
    Degraded,
    /// The last attempt brought an empty list.
    Empty,
    /// The last attempt failed.
    Failed,
    /// Neither list nor attempt.
    Missed,
    /// Before the first list, after today, or the list was deleted.
    None,
}

/// The days of a calendar.
pub struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub today: NaiveDate,
    /// The range whose lists are compared with the list before.
    pub time_range: TimeRange,
}

impl Span {
    fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.last;
        self.first.iter_days().take_while(move |day| *day <= last)
    }
}

/// The days of a span, oldest first. `kept` are the days on which a list of any range was kept, ascending.
pub async fn days(db: &impl ConnectionTrait, kept: &[NaiveDate], span: Span) -> Result<Vec<Day>> {
    let before = day_before(db, span.time_range, span.first).await?;
    let from = before.unwrap_or(span.first);
    let lists = rankings(db, span.time_range, (from, span.last)).await?;
    let mut attempts = attempts(db, kept, &span).await?;
    let mut previous = before.and_then(|before| lists.get(&before));
    let mut days = Vec::new();
    for date in span.days() {
        let attempts = attempts.remove(&date).unwrap_or_default();
        let list = lists.get(&date);
        let (state, reason) = match kept.binary_search(&date) {
            Ok(_) => with_list(&attempts, list.is_some() && list == previous),
            Err(_) => {
                let is_covered = kept.first().is_some_and(|first| date > *first);
                without_list(&attempts, is_covered && date <= span.today)
            }
        };
        previous = list.or(previous);
        days.push(Day {
            date,
            state,
            reason,
        });
    }
    Ok(days)
}

/// The last attempt of a day for each range, with its reason.
type Attempts = BTreeMap<TimeRange, (Outcome, Option<String>)>;

fn with_list(attempts: &Attempts, is_same: bool) -> (DayState, Option<String>) {
    match reason_of(attempts, Outcome::Degraded) {
        Some(reason) => (DayState::Degraded, reason),
        None if is_same => (DayState::Same, None),
        None => (DayState::Kept, None),
    }
}

fn without_list(attempts: &Attempts, is_covered: bool) -> (DayState, Option<String>) {
    if let Some(reason) = reason_of(attempts, Outcome::Failed) {
        return (DayState::Failed, reason);
    }
    match reason_of(attempts, Outcome::Empty) {
        Some(reason) => (DayState::Empty, reason),
        None if is_covered && attempts.is_empty() => (DayState::Missed, None),
        None => (DayState::None, None),
    }
}

/// The reason of the first range whose last attempt had this outcome.
fn reason_of(attempts: &Attempts, outcome: Outcome) -> Option<Option<String>> {
    let mut attempts = attempts.values();
    attempts.find_map(|(ended, reason)| (*ended == outcome).then(|| reason.clone()))
}

/// The last attempts of each day without a list, or with an attempt that brought no good one. An attempt that brought
/// a list counts before one that did not.
async fn attempts(
    db: &impl ConnectionTrait,
    kept: &[NaiveDate],
    span: &Span,
) -> Result<BTreeMap<NaiveDate, Attempts>> {
    let date = capture::Column::SnapshotDate;
    let good = [Outcome::Captured, Outcome::Unchanged];
    let not_good = Query::select()
        .column(date)
        .from(capture::Entity)
        .and_where(date.between(span.first, span.last))
        .and_where(capture::Column::Outcome.is_not_in(good))
        .to_owned();
    let without_list = span.days().filter(|day| kept.binary_search(day).is_err());
    let rows: Vec<(NaiveDate, TimeRange, Outcome, Option<String>)> = capture::Entity::find()
        .select_only()
        .columns([
            date,
            capture::Column::TimeRange,
            capture::Column::Outcome,
            capture::Column::Reason,
        ])
        .filter(date.in_subquery(not_good).or(date.is_in(without_list)))
        .order_by_asc(capture::Column::CapturedAt)
        .order_by_asc(capture::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    let has_list = |outcome| !matches!(outcome, Outcome::Empty | Outcome::Failed);
    let mut days: BTreeMap<_, Attempts> = BTreeMap::new();
    for (date, time_range, outcome, reason) in rows {
        let day = days.entry(date).or_default();
        let previous = day.get(&time_range).map(|(outcome, _)| *outcome);
        if has_list(outcome) || !previous.is_some_and(has_list) {
            day.insert(time_range, (outcome, reason));
        }
    }
    Ok(days)
}
