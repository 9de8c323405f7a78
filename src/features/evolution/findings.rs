//! The main findings: the usual, the most and the least of each part of the answer.

use super::answer::{Evolution, ListDiscoveries, ListDrift, ListTurnover, TopTenTrack};
use chrono::{Days, Months, NaiveDate};
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub struct Findings<'a> {
    /// From the first day reported to the last one, both counted.
    pub day_count: i64,
    /// Days without a list.
    pub gap_count: i64,
    pub turnover: Option<TurnoverFinding<'a>>,
    pub discoveries: Option<DiscoveriesFinding<'a>>,
    /// The discoveries of all lists.
    pub discovery_count: i64,
    pub drift: Option<DriftFinding<'a>>,
    pub growth: Option<MonthCounts>,
    pub diversity: Option<MonthCounts>,
    /// The last list of each week, oldest first.
    pub weekly_lists: Vec<NaiveDate>,
    /// The tracks among the first ten of the last list, in the order of the list.
    pub first_ten_now: Vec<&'a TopTenTrack>,
}

pub struct TurnoverFinding<'a> {
    /// The list with the median share.
    pub usual: &'a ListTurnover,
    /// Whether any list has a tied tail.
    pub any_tied: bool,
    /// The list with the median share above the ties. `None` if every list is all tied.
    pub usual_above_ties: Option<&'a ListTurnover>,
    /// The first list with the most newcomers.
    pub most: &'a ListTurnover,
    /// Lists without newcomers.
    pub none_count: i64,
}

/// Almost all tracks of the first list of a library are discoveries, so it stands apart.
pub struct DiscoveriesFinding<'a> {
    /// The first list of the range, if it is reported and is not the only one.
    pub first: Option<&'a ListDiscoveries>,
    /// Of the other lists, the first one with the most.
    pub most: &'a ListDiscoveries,
    /// Lists without discoveries.
    pub none_count: i64,
}

pub struct DriftFinding<'a> {
    /// The list with the median overlap.
    pub usual: &'a ListDrift,
    /// The first list with the lowest overlap.
    pub lowest: &'a ListDrift,
}

/// A count of each month that has lists, oldest first.
pub struct MonthCounts {
    pub months: Vec<MonthCount>,
    pub usual: MonthCount,
    /// The first months with the most and the fewest, among the whole months if there are any.
    pub most: MonthCount,
    pub fewest: MonthCount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthCount {
    /// The first day of the month.
    pub month: NaiveDate,
    pub count: i64,
    /// Whether all its days are reported.
    pub is_whole: bool,
}

impl<'a> Findings<'a> {
    pub fn of(evolution: &'a Evolution) -> Self {
        let days = evolution.from.zip(evolution.as_of);
        let day_count = days.map_or(0, |(from, to)| (to - from).num_days() + 1);
        let discoveries = evolution.discoveries.iter();
        let growth = evolution.growth.iter();
        let growth = growth.map(|row| (row.month.as_str(), row.track_count));
        let diversity = evolution.diversity.iter();
        let diversity = diversity.map(|row| (row.month.as_str(), row.artist_count));
        let weekly_lists = weekly_lists(&evolution.top_ten);
        Self {
            day_count,
            gap_count: day_count - evolution.list_count,
            turnover: TurnoverFinding::of(&evolution.turnover),
            discoveries: DiscoveriesFinding::of(evolution),
            discovery_count: discoveries.map(|list| list.track_count).sum(),
            drift: DriftFinding::of(&evolution.drift),
            growth: days.and_then(|days| MonthCounts::of(growth, days)),
            diversity: days.and_then(|days| MonthCounts::of(diversity, days)),
            first_ten_now: first_ten_on(weekly_lists.last(), &evolution.top_ten),
            weekly_lists,
        }
    }

    /// Whether at most one day in ten has no list.
    pub fn is_daily(&self) -> bool {
        self.gap_count * 10 <= self.day_count
    }
}

impl<'a> TurnoverFinding<'a> {
    fn of(turnover: &'a [ListTurnover]) -> Option<Self> {
        let all = |row: &ListTurnover| (row.newcomer_count, row.track_count);
        let above_ties = |row: &ListTurnover| {
            let head = row.track_count_above_ties;
            (row.newcomer_count_above_ties, head)
        };
        let with_head = turnover.iter().filter(|row| row.track_count_above_ties > 0);
        let none = turnover.iter().filter(|row| row.newcomer_count == 0);
        let is_tied = |row: &ListTurnover| row.track_count_above_ties < row.track_count;
        Some(Self {
            any_tied: turnover.iter().any(is_tied),
            usual: median(turnover, by_share(all))?,
            usual_above_ties: median(with_head, by_share(above_ties)),
            most: turnover.iter().rev().max_by_key(|row| row.newcomer_count)?,
            none_count: none.count() as i64,
        })
    }
}

impl<'a> DiscoveriesFinding<'a> {
    fn of(evolution: &'a Evolution) -> Option<Self> {
        let lists = evolution.discoveries.as_slice();
        let (first, others) = match lists {
            [first, others @ ..] if evolution.has_first_list() && !others.is_empty() => {
                (Some(first), others)
            }
            all => (None, all),
        };
        let none = lists.iter().filter(|list| list.track_count == 0);
        Some(Self {
            first,
            most: others.iter().rev().max_by_key(|list| list.track_count)?,
            none_count: none.count() as i64,
        })
    }
}

impl<'a> DriftFinding<'a> {
    fn of(drift: &'a [ListDrift]) -> Option<Self> {
        let by_overlap = |one: &ListDrift, other: &ListDrift| {
            let overlap = |row: &ListDrift| row.drift.rank_biased_overlap;
            overlap(one).total_cmp(&overlap(other))
        };
        Some(Self {
            usual: median(drift, by_overlap)?,
            lowest: drift.iter().min_by(|one, other| by_overlap(one, other))?,
        })
    }
}

impl MonthCounts {
    fn of<'a>(
        rows: impl Iterator<Item = (&'a str, i64)>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Option<Self> {
        let counts = rows.filter_map(|(month, count)| {
            let month = format!("{month}-01").parse().ok()?;
            Some(MonthCount {
                month,
                count,
                is_whole: from <= month && last_of(month).is_some_and(|last| last <= to),
            })
        });
        let months: Vec<_> = counts.collect();
        let any_whole = months.iter().any(|month| month.is_whole);
        let compared = || months.iter().filter(|month| month.is_whole || !any_whole);
        let by_count = |one: &MonthCount, other: &MonthCount| one.count.cmp(&other.count);
        Some(Self {
            usual: *median(&months, by_count)?,
            most: *compared().rev().max_by_key(|month| month.count)?,
            fewest: *compared().min_by_key(|month| month.count)?,
            months,
        })
    }
}

fn last_of(month: NaiveDate) -> Option<NaiveDate> {
    let next = month.checked_add_months(Months::new(1))?;
    next.checked_sub_days(Days::new(1))
}

fn weekly_lists(tracks: &[TopTenTrack]) -> Vec<NaiveDate> {
    let weeks = tracks.iter().flat_map(|track| &track.weeks);
    let days: BTreeSet<_> = weeks.map(|week| week.snapshot_date).collect();
    days.into_iter().collect()
}

fn first_ten_on<'a>(day: Option<&NaiveDate>, tracks: &'a [TopTenTrack]) -> Vec<&'a TopTenTrack> {
    let place = |track: &TopTenTrack| {
        let latest = track.weeks.last()?;
        (Some(&latest.snapshot_date) == day).then_some(latest.place)
    };
    let there = tracks.iter().filter(|track| place(track).is_some());
    let mut there: Vec<_> = there.collect();
    there.sort_by_key(|track| place(track));
    there
}

/// Compares fractions of a part and a whole without rounding.
fn by_share<T>(share: impl Fn(&T) -> (i64, i64)) -> impl Fn(&T, &T) -> Ordering {
    move |one, other| {
        let ((part, whole), (other_part, other_whole)) = (share(one), share(other));
        (part * other_whole).cmp(&(other_part * whole))
    }
}

/// The middle element in an order; of two, the lower one.
fn median<'a, T>(
    rows: impl IntoIterator<Item = &'a T>,
    order: impl Fn(&T, &T) -> Ordering,
) -> Option<&'a T> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by(|one, other| order(one, other));
    rows.get(rows.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turnover(newcomer_count: i64, track_count: i64, above: (i64, i64)) -> ListTurnover {
        ListTurnover {
            snapshot_date: NaiveDate::default(),
            newcomer_count,
            track_count,
            newcomer_count_above_ties: above.0,
            track_count_above_ties: above.1,
        }
    }

    #[test]
    fn the_usual_turnover_is_the_median_of_the_shares() {
        let rows = [
            turnover(5, 50, (0, 0)),
            turnover(1, 2, (1, 1)),
            turnover(0, 50, (0, 50)),
            turnover(3, 50, (1, 10)),
        ];

        let finding = TurnoverFinding::of(&rows).expect("there are lists");

        assert_eq!((finding.usual, finding.most), (&rows[3], &rows[0]));
        assert_eq!(finding.usual_above_ties, Some(&rows[3]));
        assert_eq!((finding.none_count, finding.any_tied), (1, true));
        assert!(TurnoverFinding::of(&[]).is_none());
    }

    #[test]
    fn a_part_of_a_month_is_neither_the_most_nor_the_fewest_if_there_is_a_whole_month() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let extremes = |from, to| {
            let rows = [("2026-01", 1), ("2026-02", 5), ("2026-03", 9)];
            let found = MonthCounts::of(rows.into_iter(), (from, to)).expect("a month");
            (found.most.count, found.fewest.count)
        };

        assert_eq!(extremes(day(1, 2), day(3, 30)), (5, 5));
        assert_eq!(extremes(day(1, 1), day(3, 31)), (9, 1));
        assert_eq!(extremes(day(2, 2), day(2, 3)), (9, 1));
    }
}
