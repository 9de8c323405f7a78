//! The calendar of a year: the states of each day in all ranges, by month, and how many days have a list of any range.

use super::query::DayState;
use super::states;
use crate::error::Result;
use crate::features::snapshots::days;
use chrono::{Datelike, NaiveDate};
use entity::snapshot::TimeRange;
use sea_orm::ConnectionTrait;

/// The years from the first list to today.
pub struct Years {
    /// Newest first.
    pub years: Vec<YearSummary>,
    /// The day of the first list of any range.
    pub first: NaiveDate,
    /// The day of the latest list of any range up to today.
    pub latest: NaiveDate,
    pub today: NaiveDate,
}

/// The days of a year from the first list to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearSummary {
    pub year: i32,
    pub kept_count: i64,
    pub day_count: i64,
}

/// A year by month. Months without a day to show are left out.
pub struct Year {
    pub year: i32,
    pub months: Vec<Month>,
    pub counts: DayCounts,
}

pub struct Month {
    /// All days of the month.
    pub days: Vec<DayOfLists>,
    pub counts: DayCounts,
}

/// A day with its state in each range.
pub struct DayOfLists {
    pub date: NaiveDate,
    /// In the order of [`TimeRange::ALL`].
    pub states: [DayState; 3],
    /// Whether the day lies between the first list and today.
    is_counted: bool,
}

/// The days between the first list and today, by what is kept in any range. All but `degraded`, which are also in
/// `kept`, add up to `all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    pub all: i64,
    pub kept: i64,
    /// Days with a degraded list.
    pub degraded: i64,
    pub missed: i64,
    pub failed: i64,
    pub empty: i64,
    /// Today, before its lists are taken.
    pub waiting: i64,
    pub deleted: i64,
}

/// `None` if there is no list up to today.
pub async fn years(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Option<Years>> {
    let lists = days::years(db, today).await?;
    let (Some(first), Some(latest)) = (lists.first(), lists.last()) else {
        return Ok(None);
    };
    let (first, latest) = (first.first, latest.latest);
    let years = (first.year()..=today.year()).rev().map(|year| {
        let of_year = lists.iter().find(|lists| lists.year == year);
        YearSummary {
            year,
            kept_count: of_year.map_or(0, |lists| lists.day_count),
            day_count: counted_days(year, first, today),
        }
    });
    Ok(Some(Years {
        years: years.collect(),
        first,
        latest,
        today,
    }))
}

fn counted_days(year: i32, first: NaiveDate, today: NaiveDate) -> i64 {
    let from = first_of_year(year).map_or(first, |day| day.max(first));
    let to = last_of_month(year, 12).map_or(today, |day| day.min(today));
    (to - from).num_days() + 1
}

fn first_of_year(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 1, 1)
}

impl Years {
    /// The year in the query of a page: the newest, if there is none or it is unknown.
    pub fn chosen(&self, year: Option<i32>) -> i32 {
        let known = self.years.iter().map(|summary| summary.year);
        known
            .clone()
            .find(|known| Some(*known) == year)
            .unwrap_or(self.today.year())
    }

    pub fn is_newest(&self, year: &Year) -> bool {
        year.year == self.today.year()
    }

    /// The year before another, if it has days.
    pub fn before(&self, year: &Year) -> Option<i32> {
        (year.year > self.first.year()).then_some(year.year - 1)
    }

    /// The first and the last day that the ledger shows beside a year. Attempts before the first list belong to the
    /// oldest year, those after today to the newest.
    pub fn days_of_ledger(&self, year: &Year) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let first = self.before(year).and_then(|_| first_of_year(year.year));
        let next = (!self.is_newest(year)).then_some(year.year + 1);
        let last = next.and_then(first_of_year).and_then(|day| day.pred_opt());
        (first, last)
    }

    /// All days from the first list to today.
    pub fn day_count(&self) -> i64 {
        self.years.iter().map(|year| year.day_count).sum()
    }

    pub fn kept_count(&self) -> i64 {
        self.years.iter().map(|year| year.kept_count).sum()
    }
}

/// One of the years.
pub async fn year(db: &impl ConnectionTrait, years: &Years, year: i32) -> Result<Year> {
    let today = years.today;
    let last_month = if year == today.year() {
        today.month()
    } else {
        12
    };
    let first = first_of_year(year).unwrap_or(today);
    let span = first..=last_of_month(year, last_month).unwrap_or(today);
    let states = states::days(db, TimeRange::ALL, span.clone().into_inner(), today).await?;
    let mut states = states.map(Vec::into_iter);
    let mut months: Vec<Month> = Vec::new();
    for date in first.iter_days().take_while(|date| span.contains(date)) {
        let day = DayOfLists {
            date,
            states: states.each_mut().map(|days| {
                let day = days.next();
                day.map_or(DayState::None, |day| day.state)
            }),
            is_counted: (years.first..=today).contains(&date),
        };
        if date.day() == 1 {
            months.push(Month {
                days: Vec::with_capacity(31),
                counts: DayCounts::default(),
            });
        }
        if let Some(month) = months.last_mut() {
            month.counts.add(&day);
            month.days.push(day);
        }
    }
    months.retain(Month::has_something);
    Ok(Year {
        year,
        counts: DayCounts::sum(months.iter().map(|month| month.counts)),
        months,
    })
}

fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(chrono::Months::new(1))?.pred_opt()
}

impl Year {
    /// The days that were missed, newest first, each with the ranges in which it was.
    pub fn missed(&self) -> Vec<(NaiveDate, Vec<TimeRange>)> {
        let days = self.months.iter().flat_map(|month| &month.days).rev();
        let missed = days.map(|day| (day.date, day.ranges(|state| state == DayState::Missed)));
        missed.filter(|(_, ranges)| !ranges.is_empty()).collect()
    }
}

impl Month {
    fn has_something(&self) -> bool {
        let has_state = |day: &DayOfLists| day.states != [DayState::None; 3];
        self.counts.all > 0 || self.days.iter().any(has_state)
    }
}

impl DayOfLists {
    /// The range whose list stands for the day: the first that has one.
    pub fn list(&self) -> Option<TimeRange> {
        self.ranges(DayState::has_list).first().copied()
    }

    fn ranges(&self, is_wanted: impl Fn(DayState) -> bool) -> Vec<TimeRange> {
        let ranges = TimeRange::ALL.into_iter().zip(self.states);
        let wanted = ranges.filter(|(_, state)| is_wanted(*state));
        wanted.map(|(range, _)| range).collect()
    }
}

impl DayCounts {
    fn add(&mut self, day: &DayOfLists) {
        if !day.is_counted {
            return;
        }
        let has = |state| day.states.contains(&state);
        self.all += 1;
        self.degraded += i64::from(has(DayState::Degraded));
        *match () {
            () if day.list().is_some() => &mut self.kept,
            () if has(DayState::Failed) => &mut self.failed,
            () if has(DayState::Empty) => &mut self.empty,
            () if has(DayState::Waiting) => &mut self.waiting,
            () if has(DayState::Missed) => &mut self.missed,
            () => &mut self.deleted,
        } += 1;
    }

    fn sum(counts: impl Iterator<Item = Self>) -> Self {
        counts.fold(Self::default(), |sum, counts| Self {
            all: sum.all + counts.all,
            kept: sum.kept + counts.kept,
            degraded: sum.degraded + counts.degraded,
            missed: sum.missed + counts.missed,
            failed: sum.failed + counts.failed,
            empty: sum.empty + counts.empty,
            waiting: sum.waiting + counts.waiting,
            deleted: sum.deleted + counts.deleted,
        })
    }
}
