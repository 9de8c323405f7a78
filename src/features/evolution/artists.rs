//! The artists on the lists, by name.

use super::answer::{ConsistentArtist, ListDiscoveries, MonthDiversity, MonthGrowth};
use super::lists::{List, month};
use super::query::TrackFacts;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many artists are named as consistent.
const CONSISTENT: usize = 10;

/// The facts of each track by its number. `None` if another program deleted the track.
pub struct Facts<'a>(pub Vec<Option<&'a TrackFacts>>);

impl<'a> Facts<'a> {
    fn of(&self, track: u32) -> Option<&'a TrackFacts> {
        self.0.get(track as usize).copied().flatten()
    }

    fn artists(&self, list: &List) -> HashSet<&'a str> {
        let tracks = list.tracks.iter().filter_map(|track| self.of(*track));
        tracks.map(|track| track.artist_name.as_str()).collect()
    }

    pub fn discoveries(&self, lists: &[List]) -> Vec<ListDiscoveries> {
        let discoveries = lists.iter().map(|list| {
            let tracks = list.tracks.iter().filter_map(|track| self.of(*track));
            let first_seen = tracks.filter(|track| track.first_seen == list.date);
            ListDiscoveries {
                snapshot_date: list.date,
                track_count: first_seen.count() as i64,
            }
        });
        discoveries.collect()
    }

    pub fn diversity(&self, lists: &[List]) -> Vec<MonthDiversity> {
        let months = lists.chunk_by(|one, next| month(one.date) == month(next.date));
        let diversity = months.map(|lists| {
            let artists: HashSet<_> = lists.iter().flat_map(|list| self.artists(list)).collect();
            MonthDiversity {
                month: month(lists[0].date),
                artist_count: artists.len() as i64,
            }
        });
        diversity.collect()
    }

    /// The number of days of each artist.
    pub fn days(&self, lists: &[List]) -> HashMap<&'a str, i64> {
        let mut days = HashMap::new();
        for list in lists {
            for artist in self.artists(list) {
                *days.entry(artist).or_default() += 1;
            }
        }
        days
    }

    pub fn consistent(&self, days: &HashMap<&str, i64>) -> Vec<ConsistentArtist> {
        let mut artists: Vec<_> = days.iter().collect();
        artists.sort_unstable_by_key(|(name, days)| (Reverse(**days), **name));
        artists.truncate(CONSISTENT);
        let consistent = artists.into_iter().map(|(name, days)| ConsistentArtist {
            artist_name: (*name).to_owned(),
            artist_key: self.key(name),
            day_count: *days,
        });
        consistent.collect()
    }

    /// The key that all tracks by this name have, else that of the name.
    fn key(&self, name: &str) -> Option<String> {
        let tracks = self.0.iter().flatten();
        let mut keys = tracks.filter(|track| track.artist_name == name);
        let first = keys.next()?.artist_key.as_ref();
        match keys.all(|track| track.artist_key.as_ref() == first) {
            true => first.cloned(),
            false => (!name.is_empty()).then(|| format!("name:{name}")),
        }
    }
}

pub fn growth(discoveries: &[ListDiscoveries]) -> Vec<MonthGrowth> {
    let mut months: BTreeMap<String, i64> = BTreeMap::new();
    for list in discoveries {
        *months.entry(month(list.snapshot_date)).or_default() += list.track_count;
    }
    let growth = months
        .into_iter()
        .map(|(month, track_count)| MonthGrowth { month, track_count });
    growth.collect()
}
