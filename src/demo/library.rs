//! Three years of somebody's top lists, all of it made up: tracks as the provider sends them, and dated lists of them.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::snapshot::TimeRange;
use serde_json::Value;

use super::{
    albums::Catalogue,
    chance::Chance,
    days::{Day, FIRST_DAY, LAST_DAY, how_it_went},
    discovery::{DAYS_BEFORE, catalogue},
    oddities,
    taste::Taste,
    tracks::payload,
};

pub struct Library {
    /// Whole track objects, in the order in which their albums were discovered.
    pub tracks: Vec<Value>,
    /// Oldest first. A missed day has none.
    pub lists: Vec<List>,
}

pub struct List {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    pub outcome: Outcome,
    /// Indexes into [`Library::tracks`], best first, each at most once; empty unless kept or degraded.
    pub ranking: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Kept,
    /// The ranks are right, the provider's albums were placeholders.
    Degraded,
    Empty,
    /// Carries the reason.
    Failed(&'static str),
}

/// Some are never played enough to be listed, and left out.
const SONGS: usize = 1510;

/// With this one 1,284 songs are listed, and the last day looks like any other.
const SEED: u64 = 151;

/// The same library on every call with the same `today`. Its last lists are those of yesterday.
///
/// It is made up for fixed dates, which are then all moved by the same number of days. So only the
/// dates depend on `today`; the days between two of them, and everything else, do not.
pub fn library(today: NaiveDate) -> Library {
    let shift = today - TimeDelta::days(1) - LAST_DAY;
    let mut chance = Chance::new(SEED);
    let catalogue = catalogue(SONGS, &mut chance);
    let mut lists = lists(&catalogue, &mut chance);
    for list in &mut lists {
        list.date += shift;
    }
    let listed = keep_listed(&mut lists, SONGS);
    let mut tracks = listed
        .into_iter()
        .map(|song| payload(&catalogue, song, shift, &mut chance))
        .collect::<Vec<_>>();
    oddities::add_to(&mut tracks);
    Library { tracks, lists }
}

fn lists(catalogue: &Catalogue, chance: &mut Chance) -> Vec<List> {
    let mut taste = Taste::for_songs(&catalogue.songs, chance);
    let mut lists = Vec::new();
    let mut latest = [const { Vec::new() }; 3];
    let start = FIRST_DAY - Days::new(DAYS_BEFORE as u64);
    for date in start.iter_days().take_while(|date| *date <= LAST_DAY) {
        taste.listen(date, chance);
        if date < FIRST_DAY {
            continue;
        }
        let day = how_it_went(date, chance);
        if matches!(day, Day::Kept | Day::Degraded) {
            latest = taste.top_lists();
        }
        let outcome = match day {
            Day::Kept | Day::Unchanged => Outcome::Kept,
            Day::Degraded => Outcome::Degraded,
            Day::Empty => Outcome::Empty,
            Day::Failed(reason) => Outcome::Failed(reason),
            Day::Missed => continue,
        };
        lists.extend(lists_of_a_day(date, outcome, &latest));
    }
    lists
}

fn lists_of_a_day(date: NaiveDate, outcome: Outcome, latest: &[Vec<usize>; 3]) -> [List; 3] {
    let has_ranks = matches!(outcome, Outcome::Kept | Outcome::Degraded);
    [0, 1, 2].map(|range| List {
        date,
        time_range: TimeRange::ALL[range],
        outcome,
        ranking: if has_ranks {
            latest[range].clone()
        } else {
            Vec::new()
        },
    })
}

/// Leaves out the songs that no list names: gives those that remain, and renumbers the rankings to match.
fn keep_listed(lists: &mut [List], songs: usize) -> Vec<usize> {
    let mut is_listed = vec![false; songs];
    for song in lists.iter().flat_map(|list| &list.ranking) {
        is_listed[*song] = true;
    }
    let listed: Vec<usize> = (0..songs).filter(|song| is_listed[*song]).collect();
    let mut place = vec![0; songs];
    for (index, song) in listed.iter().enumerate() {
        place[*song] = index;
    }
    for song in lists.iter_mut().flat_map(|list| &mut list.ranking) {
        *song = place[*song];
    }
    listed
}
