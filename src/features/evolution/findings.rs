//! The main findings: the usual, the most and the least of each part of the answer.

use super::answer::{
    Evolution, ListDiscoveries, ListDrift, ListTurnover, MonthDiversity, MonthGrowth,
};
use chrono::{Days, Months, NaiveDate};
use std::collections::HashSet;

pub struct Findings<'a> {
    /// From the first day reported to the last one, both counted.
    pub day_count: i64,
    /// Days without a list.
    pub gap_count: i64,
    pub turnover: Option<TurnoverFinding<'a>>,
    /// The list with the most discoveries.
    pub most_discoveries: Option<&'a ListDiscoveries>,
    /// Lists without discoveries.
    pub none_discovered_count: i64,
    /// The discoveries of all lists.
    pub discovery_count: i64,
    pub drift: Option<DriftFinding<'a>>,
    pub growth: Option<Extremes<'a, MonthGrowth>>,
    pub diversity: Option<Extremes<'a, MonthDiversity>>,
    /// The median of the artists in a month.
    pub usual_artist_count: Option<i64>,
    /// Weeks with a list.
    pub week_count: i64,
}

pub struct TurnoverFinding<'a> {
    /// The list with the median share.
    pub usual: &'a ListTurnover,
    /// The same of the part above the ties. `None` if every list is all tied.
    pub usual_above_ties: Option<&'a ListTurnover>,
    /// The list with the greatest share.
    pub most: &'a ListTurnover,
    /// Lists without newcomers.
    pub none_count: i64,
}

pub struct DriftFinding<'a> {
    /// The list with the median overlap.
    pub usual: &'a ListDrift,
    pub lowest: &'a ListDrift,
}

/// The earliest months with the most and the fewest, among the whole months if there are any.
pub struct Extremes<'a, T> {
    pub most: &'a T,
    pub fewest: &'a T,
}

impl<'a> Findings<'a> {
    pub fn of(evolution: &'a Evolution) -> Self {
        let discoveries = || evolution.discoveries.iter();
        let days = evolution.from.zip(evolution.as_of);
        let day_count = days.map_or(0, |(from, to)| (to - from).num_days() + 1);
        let whole = |month: &str| days.is_some_and(|(from, to)| is_whole(month, from, to));
        let diversity = &evolution.diversity;
        let weeks = evolution.top_ten.iter().flat_map(|track| &track.weeks);
        let weeks: HashSet<_> = weeks.map(|week| week.snapshot_date).collect();
        let usual_month = median(diversity, |one, other| {
            one.artist_count.cmp(&other.artist_count)
        });
        Self {
            day_count,
            gap_count: day_count - evolution.list_count,
            turnover: TurnoverFinding::of(&evolution.turnover),
            most_discoveries: discoveries().rev().max_by_key(|list| list.track_count),
            none_discovered_count: discoveries().filter(|list| list.track_count == 0).count()
                as i64,
            discovery_count: discoveries().map(|list| list.track_count).sum(),
            drift: DriftFinding::of(&evolution.drift),
            growth: Extremes::of(
                &evolution.growth,
                |row| row.track_count,
                |row| whole(&row.month),
            ),
            diversity: Extremes::of(diversity, |row| row.artist_count, |row| whole(&row.month)),
            usual_artist_count: usual_month.map(|month| month.artist_count),
            week_count: weeks.len() as i64,
        }
    }
}

impl<'a> TurnoverFinding<'a> {
    fn of(turnover: &'a [ListTurnover]) -> Option<Self> {
        let share = |one: &ListTurnover, other: &ListTurnover| {
            (one.newcomer_count * other.track_count).cmp(&(other.newcomer_count * one.track_count))
        };
        let above_ties = |one: &ListTurnover, other: &ListTurnover| {
            (one.newcomer_count_above_ties * other.track_count_above_ties)
                .cmp(&(other.newcomer_count_above_ties * one.track_count_above_ties))
        };
        let with_head = turnover.iter().filter(|row| row.track_count_above_ties > 0);
        Some(Self {
            usual: median(turnover, share)?,
            usual_above_ties: median(with_head, above_ties),
            most: turnover
                .iter()
                .rev()
                .max_by(|one, other| share(one, other))?,
            none_count: turnover
                .iter()
                .filter(|row| row.newcomer_count == 0)
                .count() as i64,
        })
    }
}

impl<'a> DriftFinding<'a> {
    fn of(drift: &'a [ListDrift]) -> Option<Self> {
        let overlap = |one: &ListDrift, other: &ListDrift| {
            let overlap = |row: &ListDrift| row.drift.rank_biased_overlap;
            overlap(one).total_cmp(&overlap(other))
        };
        Some(Self {
            usual: median(drift, overlap)?,
            lowest: drift.iter().min_by(|one, other| overlap(one, other))?,
        })
    }
}

impl<'a, T> Extremes<'a, T> {
    fn of(rows: &'a [T], count: impl Fn(&T) -> i64, is_whole: impl Fn(&T) -> bool) -> Option<Self> {
        let any_whole = rows.iter().any(&is_whole);
        let compared = || rows.iter().filter(|row| !any_whole || is_whole(row));
        Some(Self {
            most: compared().rev().max_by_key(|row| count(row))?,
            fewest: compared().min_by_key(|row| count(row))?,
        })
    }
}

/// The middle element in an order; of two, the lower one.
fn median<'a, T>(
    rows: impl IntoIterator<Item = &'a T>,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> Option<&'a T> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by(|one, other| order(one, other));
    rows.get(rows.len().saturating_sub(1) / 2).copied()
}

/// Whether all days of a month, as in `2026-03`, are among the days from the first to the last.
pub fn is_whole(month: &str, from: NaiveDate, to: NaiveDate) -> bool {
    let Some(first) = first_of(month) else {
        return false;
    };
    let next = first.checked_add_months(Months::new(1));
    let last = next.and_then(|next| next.checked_sub_days(Days::new(1)));
    from <= first && last.is_some_and(|last| last <= to)
}

/// The first day of a month, as in `2026-03`.
pub fn first_of(month: &str) -> Option<NaiveDate> {
    format!("{month}-01").parse().ok()
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

        assert_eq!((finding.usual, finding.most), (&rows[3], &rows[1]));
        assert_eq!(finding.usual_above_ties, Some(&rows[3]));
        assert_eq!(finding.none_count, 1);
        assert!(TurnoverFinding::of(&[]).is_none());
    }

    #[test]
    fn a_part_of_a_month_is_not_the_fewest_if_there_is_a_whole_month() {
        let month = |month: &str, track_count| MonthGrowth {
            month: month.into(),
            track_count,
        };
        let months = [
            month("2026-01", 1),
            month("2026-02", 5),
            month("2026-03", 9),
        ];
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let extremes = |from, to| {
            let whole = |row: &MonthGrowth| is_whole(&row.month, from, to);
            let found = Extremes::of(&months, |row| row.track_count, whole).expect("a month");
            (found.most.track_count, found.fewest.track_count)
        };

        assert_eq!(extremes(day(1, 2), day(3, 30)), (5, 5));
        assert_eq!(extremes(day(1, 1), day(3, 31)), (9, 1));
        assert_eq!(extremes(day(2, 2), day(2, 3)), (9, 1));
    }
}
