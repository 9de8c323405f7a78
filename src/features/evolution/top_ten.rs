//! The first ten places on one list a week, the last one kept of each ISO week.

use super::answer::TopTenWeek;
use super::lists::List;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

const PLACES: usize = 10;

/// A track among the first ten, by its number.
pub struct Standing {
    pub track: u32,
    pub best_place: i64,
    /// Oldest first.
    pub weeks: Vec<TopTenWeek>,
}

/// In no particular order.
pub fn top_ten(lists: &[List]) -> Vec<Standing> {
    let mut weeks: HashMap<u32, Vec<TopTenWeek>> = HashMap::new();
    for list in last_of_each_week(lists) {
        for (place, track) in (1..).zip(list.tracks.iter().take(PLACES)) {
            weeks.entry(*track).or_default().push(TopTenWeek {
                snapshot_date: list.date,
                place,
            });
        }
    }
    let standings = weeks.into_iter().map(|(track, weeks)| Standing {
        track,
        best_place: weeks.iter().map(|week| week.place).min().unwrap_or(1),
        weeks,
    });
    standings.collect()
}

fn last_of_each_week(lists: &[List]) -> impl Iterator<Item = &List> {
    let weeks = lists.chunk_by(|one, next| one.date.iso_week() == next.date.iso_week());
    weeks.filter_map(<[List]>::last)
}

/// The number of weeks from that of the first day to that of the other.
pub fn weeks_between(first: NaiveDate, other: NaiveDate) -> i64 {
    let monday = |day: NaiveDate| day.week(chrono::Weekday::Mon).first_day();
    (monday(other) - monday(first)).num_weeks()
}

#[cfg(test)]
mod tests {
    use super::super::lists::tests::lists;
    use super::*;

    #[test]
    fn the_last_list_of_each_iso_week_counts() {
        // The 4th and the 11th of January 2026 are Sundays.
        let lists = lists(&[(1, "ab"), (4, "ba"), (6, "c"), (12, "bdefghijklm")]);

        let mut standings = top_ten(&lists.all);

        standings.sort_by_key(|standing| standing.track);
        let b = &standings[1];
        let days: Vec<_> = b
            .weeks
            .iter()
            .map(|week| (week.snapshot_date.day(), week.place))
            .collect();
        assert_eq!(
            (days.as_slice(), b.best_place),
            ([(4, 1), (12, 1)].as_slice(), 1)
        );
        let ids: String = standings
            .iter()
            .map(|standing| lists.track_ids[standing.track as usize].as_str())
            .collect();
        assert_eq!(ids, "abcdefghijkl");
    }

    #[test]
    fn weeks_start_on_mondays() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).expect("a day of January");

        assert_eq!(weeks_between(day(4), day(5)), 1);
        assert_eq!(weeks_between(day(5), day(11)), 0);
        assert_eq!(weeks_between(day(1), day(12)), 2);
    }
}
