//! The state of each day of a range: whether a list was kept, and if not, why.

use crate::error::Result;
use crate::features::snapshots::query::{day_before, first_day, latest_day, rankings};
use chrono::{Days, NaiveDate};
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};

pub struct Day {
    pub date: NaiveDate,
    pub state: DayState,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayState {
    Kept,
    /// The list equals the list before.
    Same,
    /// A list, whose last attempt brought placeholders instead of albums.
    Degraded,
    /// No list; the last attempt brought an empty one.
    Empty,
    /// No list; the last attempt failed.
    Failed,
    /// Neither list nor attempt.
    Missed,
    /// Before the first list, after today, or the list was deleted.
    None,
}

/// 26 weeks of one range. They end today, or with the latest list if that is older.
pub struct RecentDays {
    pub time_range: TimeRange,
    pub days: Vec<Day>,
    pub end_today: bool,
}

/// The number of days in each state.
pub struct Counts(HashMap<DayState, usize>);

impl RecentDays {
    pub const LENGTH: usize = 26 * 7;

    /// The later half.
    pub fn last_13_weeks(&self) -> &[Day] {
        &self.days[self.days.len() / 2..]
    }
}

impl Counts {
    pub fn of(days: &[Day]) -> Self {
        let mut counts = HashMap::new();
        for day in days {
            *counts.entry(day.state).or_default() += 1;
        }
        Self(counts)
    }

    pub fn get(&self, state: DayState) -> usize {
        self.0.get(&state).copied().unwrap_or_default()
    }

    /// Days with a list.
    pub fn kept(&self) -> usize {
        [DayState::Kept, DayState::Same, DayState::Degraded]
            .map(|state| self.get(state))
            .iter()
            .sum()
    }

    /// Days in any state but none.
    pub fn all(&self) -> usize {
        self.0.values().sum::<usize>() - self.get(DayState::None)
    }
}

/// `None` if the range has no list up to today.
pub async fn recent_days(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    today: NaiveDate,
) -> Result<Option<RecentDays>> {
    let Some(latest) = latest_day(db, time_range, today).await? else {
        return Ok(None);
    };
    let shown = Days::new(RecentDays::LENGTH as u64 - 1);
    let end_today = latest >= today - shown;
    let last = if end_today { today } else { latest };
    Ok(Some(RecentDays {
        time_range,
        days: days(db, time_range, (last - shown, last)).await?,
        end_today,
    }))
}

/// The days from the first to the last, which is not after today.
async fn days(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Day>> {
    let before = day_before(db, time_range, first).await?;
    let first_list = first_day(db, time_range).await?;
    let dates: Vec<_> = first.iter_days().take_while(|date| *date <= last).collect();
    let days = before.into_iter().chain(dates.iter().copied());
    let lists = rankings(db, time_range, days).await?;
    let without_list = dates.iter().filter(|date| !lists.contains_key(date));
    let mut attempts = attempts(db, time_range, (first, last), without_list).await?;
    let mut previous = before.and_then(|before| lists.get(&before));
    let mut days = Vec::with_capacity(dates.len());
    for date in dates {
        let attempts = attempts.remove(&date).unwrap_or_default();
        let (state, reason) = match lists.get(&date) {
            Some(list) => {
                let is_same = previous.replace(list) == Some(list);
                with_list(attempts, is_same)
            }
            None => without_list_on(attempts, first_list.is_some_and(|first| date > first)),
        };
        days.push(Day {
            date,
            state,
            reason,
        });
    }
    Ok(days)
}

/// The attempts of one day with their reasons, the last one last.
type Attempts = Vec<(Outcome, Option<String>)>;

fn with_list(attempts: Attempts, is_same: bool) -> (DayState, Option<String>) {
    let brought_list =
        |(outcome, _): &(Outcome, _)| !matches!(outcome, Outcome::Empty | Outcome::Failed);
    match attempts.into_iter().rfind(brought_list) {
        Some((Outcome::Degraded, reason)) => (DayState::Degraded, reason),
        _ if is_same => (DayState::Same, None),
        _ => (DayState::Kept, None),
    }
}

fn without_list_on(attempts: Attempts, is_after_first: bool) -> (DayState, Option<String>) {
    match attempts.into_iter().next_back() {
        Some((Outcome::Failed, reason)) => (DayState::Failed, reason),
        Some((Outcome::Empty, reason)) => (DayState::Empty, reason),
        None if is_after_first => (DayState::Missed, None),
        Some(_) | None => (DayState::None, None),
    }
}

/// The attempts of each day without a list, or with an attempt that brought no good one.
async fn attempts(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (first, last): (NaiveDate, NaiveDate),
    without_list: impl Iterator<Item = &NaiveDate>,
) -> Result<BTreeMap<NaiveDate, Attempts>> {
    let date = capture::Column::SnapshotDate;
    let good = [Outcome::Captured, Outcome::Unchanged];
    let not_good = Query::select()
        .column(date)
        .from(capture::Entity)
        .and_where(date.between(first, last))
        .and_where(capture::Column::TimeRange.eq(time_range))
        .and_where(capture::Column::Outcome.is_not_in(good))
        .to_owned();
    let rows: Vec<(NaiveDate, Outcome, Option<String>)> = capture::Entity::find()
        .select_only()
        .columns([date, capture::Column::Outcome, capture::Column::Reason])
        .filter(capture::Column::TimeRange.eq(time_range))
        .filter(
            date.in_subquery(not_good)
                .or(date.is_in(without_list.copied())),
        )
        .order_by_asc(capture::Column::CapturedAt)
        .order_by_asc(capture::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    let mut days: BTreeMap<_, Attempts> = BTreeMap::new();
    for (date, outcome, reason) in rows {
        days.entry(date).or_default().push((outcome, reason));
    }
    Ok(days)
}
