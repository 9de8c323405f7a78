//! The state of each day of a range: whether a list was kept, and if not, why.

use super::states;
use crate::error::{Error, Result};
use crate::features::snapshots::query::latest_day;
use chrono::{Days, NaiveDate};
use entity::snapshot::TimeRange;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// The days of a range, oldest first.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Calendar {
    pub items: Vec<Day>,
}

/// A day of one range.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Day {
    pub snapshot_date: NaiveDate,
    pub state: DayState,
    /// Left out if no list is kept.
    pub track_count: Option<i64>,
    /// Why there is no good list, as the ledger says.
    #[oai(skip)]
    pub reason: Option<String>,
}

/// What became of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[oai(rename_all = "lowercase")]
pub enum DayState {
    /// A list that differs from the list before.
    Kept,
    /// A list that equals the list before.
    Same,
    /// A list, whose last attempt brought placeholders instead of albums.
    Degraded,
    /// No list; the last attempt brought an empty one.
    Empty,
    /// No list; the last attempt failed.
    Failed,
    /// Neither list nor attempt.
    Missed,
    /// Today, connected to Spotify, and not yet tried.
    Waiting,
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

impl Day {
    pub fn without_list(date: NaiveDate, state: DayState, reason: Option<String>) -> Self {
        Self {
            snapshot_date: date,
            state,
            track_count: None,
            reason,
        }
    }
}

impl DayState {
    pub fn has_list(self) -> bool {
        matches!(self, Self::Kept | Self::Same | Self::Degraded)
    }

    /// The name of the state on pages, and the class of its bar.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Same => "same",
            Self::Degraded => "degraded",
            Self::Empty => "empty",
            Self::Failed => "failed",
            Self::Missed => "missed",
            Self::Waiting => "waiting",
            Self::None => "none",
        }
    }
}

impl RecentDays {
    pub const LENGTH: usize = 26 * 7;

    /// The later half.
    pub fn last_13_weeks(&self) -> &[Day] {
        &self.days[self.days.len() / 2..]
    }
}

impl Counts {
    pub fn of(states: impl Iterator<Item = DayState>) -> Self {
        let mut counts = HashMap::new();
        for state in states {
            *counts.entry(state).or_default() += 1;
        }
        Self(counts)
    }

    pub fn get(&self, state: DayState) -> usize {
        self.0.get(&state).copied().unwrap_or_default()
    }

    /// Days with a list.
    pub fn kept(&self) -> usize {
        let kept = self.0.iter().filter(|(state, _)| state.has_list());
        kept.map(|(_, count)| count).sum()
    }

    /// Days in any state but none.
    pub fn all(&self) -> usize {
        self.0.values().sum::<usize>() - self.get(DayState::None)
    }
}

/// The most days of one answer.
const MOST_DAYS: i64 = 400;

/// The days from `from` to `to`. They end today and are [`RecentDays::LENGTH`] unless the caller says otherwise.
pub async fn calendar(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    today: NaiveDate,
) -> Result<Calendar> {
    let last = to.unwrap_or(today);
    let first = from.unwrap_or(last - Days::new(RecentDays::LENGTH as u64 - 1));
    match (last - first).num_days() + 1 {
        1..=MOST_DAYS => {}
        ..=0 => {
            return Err(Error::invalid(
                "from",
                format!("a day not after {last} was expected"),
            ));
        }
        _ => {
            let earliest = last - Days::new(MOST_DAYS as u64 - 1);
            let reason = format!("at most {MOST_DAYS} days are answered, so from {earliest} on");
            return Err(Error::invalid("from", reason));
        }
    }
    let [items] = states::days(db, [time_range], (first, last), today).await?;
    Ok(Calendar { items })
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
    let [days] = states::days(db, [time_range], (last - shown, last), today).await?;
    Ok(Some(RecentDays {
        time_range,
        days,
        end_today,
    }))
}

/// One day of a range.
pub async fn day(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    date: NaiveDate,
    today: NaiveDate,
) -> Result<Option<Day>> {
    let [mut days] = states::days(db, [time_range], (date, date), today).await?;
    Ok(days.pop())
}

impl Example for Calendar {
    fn example() -> Self {
        let date = |day| NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March");
        let kept = |day, state| Day {
            track_count: Some(50),
            ..Day::without_list(date(day), state, None)
        };
        Self {
            items: vec![
                kept(1, DayState::Kept),
                Day::without_list(date(2), DayState::Missed, None),
                kept(3, DayState::Same),
            ],
        }
    }
}
