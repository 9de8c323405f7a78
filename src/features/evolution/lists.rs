//! The lists of one range in memory, with numbers in place of track ids, and what each says about the list before it.

use super::answer::{ListDrift, ListTurnover};
use crate::db::list_text::places;
use crate::features::changes::drift::Drift;
use crate::features::snapshots::query::tied_from;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Lists of one range, oldest first.
#[derive(Debug, Default)]
pub struct Lists {
    /// The id of each track. The index is its number.
    pub track_ids: Vec<String>,
    pub all: Vec<List>,
}

#[derive(Debug)]
pub struct List {
    pub date: NaiveDate,
    /// The numbers of the tracks in the order of the list.
    pub tracks: Vec<u32>,
    /// How many tracks come before the tied tail.
    pub track_count_above_ties: usize,
}

impl Lists {
    /// From rows of a day and the text of its list, oldest first.
    pub fn of(rows: &[(NaiveDate, String)]) -> Self {
        let mut lists = Self::default();
        let mut numbers = HashMap::new();
        for (date, text) in rows {
            let mut list: Vec<_> = places(text).collect();
            list.sort_unstable();
            let tied_from = tied_from(list.iter().copied());
            let is_above = |(rank, _): &&(i32, &str)| tied_from.is_none_or(|tied| *rank < tied);
            let tracks = list.iter().map(|(_, track_id)| {
                *numbers.entry(*track_id).or_insert_with(|| {
                    lists.track_ids.push((*track_id).to_owned());
                    lists.track_ids.len() as u32 - 1
                })
            });
            lists.all.push(List {
                date: *date,
                tracks: tracks.collect(),
                track_count_above_ties: list.iter().filter(is_above).count(),
            });
        }
        lists
    }

    /// The index of the first list of a period.
    pub fn first_since(&self, day: Option<NaiveDate>) -> usize {
        self.all
            .partition_point(|list| day.is_some_and(|day| list.date < day))
    }

    /// Each list from an index on, with the list before it.
    fn pairs(&self, from: usize) -> impl Iterator<Item = (&List, &List)> {
        let pairs = self.all.iter().zip(self.all.iter().skip(1));
        pairs.skip(from.saturating_sub(1))
    }

    pub fn turnover(&self, from: usize) -> Vec<ListTurnover> {
        let turnover = self.pairs(from).map(|(before, list)| {
            let before: HashSet<_> = before.tracks.iter().collect();
            let newcomers = |tracks: &[u32]| {
                let newcomers = tracks.iter().filter(|track| !before.contains(track));
                newcomers.count() as i64
            };
            let above_ties = &list.tracks[..list.track_count_above_ties];
            ListTurnover {
                snapshot_date: list.date,
                newcomer_count: newcomers(&list.tracks),
                track_count: list.tracks.len() as i64,
                newcomer_count_above_ties: newcomers(above_ties),
                track_count_above_ties: above_ties.len() as i64,
            }
        });
        turnover.collect()
    }

    pub fn drift(&self, from: usize) -> Vec<ListDrift> {
        let drift = self.pairs(from).map(|(before, list)| ListDrift {
            snapshot_date: list.date,
            drift: Drift::between(&before.tracks, &list.tracks),
        });
        drift.collect()
    }
}

/// As in `2026-03`.
pub fn month(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Lists of January 2026, each from its day and its ids in order of rank.
    pub fn lists(lists: &[(u32, &str)]) -> Lists {
        let rows = lists.iter().map(|(day, ids)| {
            let date = NaiveDate::from_ymd_opt(2026, 1, *day).expect("a day of January");
            let places = (1..)
                .zip(ids.chars())
                .map(|(rank, id)| format!("{rank} 1 {id}"));
            (date, places.collect::<Vec<_>>().join(","))
        });
        Lists::of(&rows.collect::<Vec<_>>())
    }

    #[test]
    fn turnover_counts_newcomers_above_the_ties_apart() {
        let lists = lists(&[(1, "za"), (3, "yzabcdef"), (4, "")]);

        let turnover = lists.turnover(0);

        let counts: Vec<_> = turnover
            .iter()
            .map(|row| (row.newcomer_count, row.track_count))
            .collect();
        assert_eq!(counts, [(6, 8), (0, 0)]);
        let above = (
            turnover[0].newcomer_count_above_ties,
            turnover[0].track_count_above_ties,
        );
        assert_eq!(above, (1, 2));
    }

    #[test]
    fn the_first_list_of_a_period_is_compared_with_the_one_before_the_period() {
        let lists = lists(&[(1, "ab"), (3, "bc"), (4, "bc")]);
        let second = lists.all[1].date;

        let from = lists.first_since(Some(second));

        assert_eq!(from, 1);
        assert_eq!(lists.turnover(from)[0].newcomer_count, 1);
        assert_eq!(lists.turnover(from).len(), 2);
        assert_eq!(lists.turnover(0).len(), 2);
        assert_eq!(lists.turnover(3).len(), 0);
    }
}
