//! Three years of top lists, all made up: tracks as the provider sends them, and dated lists of them.

use chrono::{Days, NaiveDate, TimeDelta};
use entity::{capture::Outcome, snapshot::TimeRange};
use serde_json::Value;

use super::{
    catalogue::Catalogue,
    days::{Day, FIRST_DAY, LAST_DAY, day_of},
    discovery::{DAYS_BEFORE, catalogue},
    listener::Listener,
    oddities,
    random::Random,
    tracks::payload,
};

pub struct Library {
    /// Whole track objects, in the order in which their albums were discovered.
    pub tracks: Vec<Value>,
    /// Oldest first. Missed days have none.
    pub lists: Vec<List>,
}

pub struct List {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    pub outcome: Outcome,
    /// Why it failed.
    pub reason: Option<&'static str>,
    /// Distinct indexes into [`Library::tracks`], best first. Lists that are empty or failed have none.
    pub ranking: Vec<usize>,
}

/// Songs that are never played enough to be listed are left out.
const SONGS: usize = 1700;

/// Chosen so that 1,284 songs are listed and the last day is a typical one.
const SEED: u64 = 36;

/// The same library on every call with the same `today`. Its last lists are those of yesterday.
///
/// It is made up for fixed dates, which are then all moved by the same number of days. So only the
/// dates depend on `today`; the days between two of them, and everything else, do not.
pub fn library(today: NaiveDate) -> Library {
    let shift = today - TimeDelta::days(1) - LAST_DAY;
    let mut random = Random::new(SEED);
    let catalogue = catalogue(SONGS, &mut random);
    let mut lists = lists(&catalogue, &mut random);
    for list in &mut lists {
        list.date += shift;
    }
    let listed = keep_listed(&mut lists, SONGS);
    let mut tracks = listed
        .into_iter()
        .map(|song| payload(&catalogue, song, shift, &mut random))
        .collect::<Vec<_>>();
    oddities::add_to(&mut tracks);
    Library { tracks, lists }
}

fn lists(catalogue: &Catalogue, random: &mut Random) -> Vec<List> {
    let mut listener = Listener::of(&catalogue.songs, random);
    let mut lists = Vec::new();
    let mut latest = [const { Vec::new() }; 3];
    let start = FIRST_DAY - Days::new(DAYS_BEFORE as u64);
    for date in start.iter_days().take_while(|date| *date <= LAST_DAY) {
        listener.listen(date, random);
        if date < FIRST_DAY {
            continue;
        }
        let day = day_of(date, random);
        if matches!(day, Day::NewLists | Day::Degraded) {
            latest = listener.top_lists();
        }
        let (outcome, reason) = match day {
            Day::NewLists | Day::SameLists => (Outcome::Captured, None),
            Day::Degraded => (Outcome::Degraded, None),
            Day::Empty => (Outcome::Empty, None),
            Day::Failed(reason) => (Outcome::Failed, Some(reason)),
            Day::Missed => continue,
        };
        let has_ranks = matches!(outcome, Outcome::Captured | Outcome::Degraded);
        lists.extend(
            TimeRange::ALL
                .into_iter()
                .zip(&latest)
                .map(|(time_range, ranking)| List {
                    date,
                    time_range,
                    outcome,
                    reason,
                    ranking: if has_ranks {
                        ranking.clone()
                    } else {
                        Vec::new()
                    },
                }),
        );
    }
    lists
}

/// Removes the songs that are on no list. Returns the others, and changes the rankings to indexes into them.
fn keep_listed(lists: &mut [List], songs: usize) -> Vec<usize> {
    let mut is_listed = vec![false; songs];
    for song in lists.iter().flat_map(|list| &list.ranking) {
        is_listed[*song] = true;
    }
    let listed: Vec<usize> = (0..songs).filter(|song| is_listed[*song]).collect();
    let mut new_index = vec![0; songs];
    for (index, song) in listed.iter().enumerate() {
        new_index[*song] = index;
    }
    for song in lists.iter_mut().flat_map(|list| &mut list.ranking) {
        *song = new_index[*song];
    }
    listed
}
