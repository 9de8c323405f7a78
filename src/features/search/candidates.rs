//! The names that a search has found, before it is known which are best.

use super::matching::{Class, Question};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

/// The names in one row of `tracks`.
pub struct Names {
    pub track_id: String,
    pub name: String,
    pub artist_name: String,
    pub artist_key: Option<String>,
    pub album_name: Option<String>,
}

/// A row of which at least one name matches, with how well each does.
pub struct Match {
    pub names: Names,
    track: Option<Class>,
    artist: Option<Class>,
    album: Option<Class>,
}

/// What the lists know of a track, an artist or an album.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    pub best_rank: Option<i32>,
    /// Days on lists of any range.
    pub day_count: i64,
}

/// All tracks, artists and albums whose names match.
pub struct Candidates {
    question: Question,
    limit: usize,
    /// The number of rows that were read.
    pub track_count: i64,
    /// The number of tracks whose names match.
    pub matching_track_count: i64,
    by_class: [usize; Class::COUNT],
    tracks: Vec<Track>,
    artists: Groups<String>,
    albums: Groups<(String, Option<String>)>,
    members: Vec<Member>,
}

struct Track {
    class: Class,
    name: String,
    member: usize,
}

/// A track that is itself a candidate, or one of an artist or album that is.
struct Member {
    track_id: String,
    artist: Option<usize>,
    album: Option<usize>,
    listed: Listed,
}

/// Tracks that share a key.
struct Groups<Key> {
    indexes: HashMap<Key, usize>,
    groups: Vec<Group>,
}

/// An artist or an album.
pub struct Group {
    class: Class,
    /// Of several names that match equally well, the least.
    pub name: String,
    pub artist_name: String,
    pub artist_key: Option<String>,
    pub track_count: i64,
    pub listed: Listed,
    /// Its track with the most days on lists.
    pub track_id: String,
    most_days: i64,
    days: Vec<u32>,
}

/// The best tracks with their ids, and the best artists and albums.
pub struct Best {
    pub tracks: Vec<(String, Listed)>,
    pub artists: Vec<Group>,
    pub albums: Vec<Group>,
}

impl Candidates {
    /// `limit` is how many of each kind will be asked for.
    pub fn new(question: Question, limit: usize) -> Self {
        Self {
            question,
            limit,
            track_count: 0,
            matching_track_count: 0,
            by_class: [0; Class::COUNT],
            tracks: Vec::new(),
            artists: Groups::default(),
            albums: Groups::default(),
            members: Vec::new(),
        }
    }

    /// Counts a row. `None` if none of its names matches.
    pub fn matching(&mut self, names: Names) -> Option<Match> {
        self.track_count += 1;
        let class = |name: &str| self.question.class(name);
        let found = Match {
            track: class(&names.name),
            artist: class(&names.artist_name),
            album: names.album_name.as_deref().and_then(class),
            names,
        };
        let classes = [found.track, found.artist, found.album];
        classes.iter().any(Option::is_some).then_some(found)
    }

    /// Adds a row that matches, with the key of its artist.
    pub fn add(&mut self, found: Match, artist_key: Option<String>) {
        let (class, row) = (
            found.track,
            Names {
                artist_key,
                ..found.names
            },
        );
        let artist = found.artist.and_then(|class| self.artist(class, &row));
        let album = found.album.and_then(|class| self.album(class, &row));
        let is_candidate = class.is_some_and(|class| self.may_be_among_the_best(class));
        if let Some(class) = class {
            self.matching_track_count += 1;
            self.by_class[class as usize] += 1;
            if is_candidate {
                self.tracks.push(Track {
                    class,
                    name: row.name,
                    member: self.members.len(),
                });
            }
        }
        if is_candidate || artist.is_some() || album.is_some() {
            self.members.push(Member {
                track_id: row.track_id,
                artist,
                album,
                listed: Listed::default(),
            });
        }
    }

    fn artist(&mut self, class: Class, row: &Names) -> Option<usize> {
        let key = row.artist_key.clone()?;
        Some(self.artists.add(key, class, &row.artist_name, row))
    }

    fn album(&mut self, class: Class, row: &Names) -> Option<usize> {
        let name = row.album_name.as_ref()?;
        let key = (name.clone(), row.artist_key.clone());
        Some(self.albums.add(key, class, name, row))
    }

    /// Whether fewer tracks than asked for are in better classes.
    fn may_be_among_the_best(&self, class: Class) -> bool {
        self.by_class[..class as usize].iter().sum::<usize>() < self.limit
    }

    pub fn artist_count(&self) -> i64 {
        self.artists.groups.len() as i64
    }

    pub fn album_count(&self) -> i64 {
        self.albums.groups.len() as i64
    }

    /// Leaves out all that others are better than by class alone, and returns the ids of the tracks whose days decide
    /// among the rest.
    pub fn undecided(&mut self) -> HashMap<String, usize> {
        let classes = self.tracks.iter().map(|track| track.class);
        let last = last_class(classes, self.limit);
        self.tracks.retain(|track| Some(track.class) <= last);
        let mut is_needed = vec![false; self.members.len()];
        for track in &self.tracks {
            is_needed[track.member] = true;
        }
        let (artists, albums) = (
            self.artists.undecided(self.limit),
            self.albums.undecided(self.limit),
        );
        let members = self.members.iter().enumerate();
        members
            .filter(|(index, member)| {
                is_needed[*index]
                    || member.artist.is_some_and(|artist| artists[artist])
                    || member.album.is_some_and(|album| albums[album])
            })
            .map(|(index, member)| (member.track_id.clone(), index))
            .collect()
    }

    /// Counts what the lists know of a track. `days` holds each day on which it was listed, once or more.
    pub fn count(&mut self, member: usize, best_rank: i32, mut days: Vec<u32>) {
        days.sort_unstable();
        days.dedup();
        let member = &mut self.members[member];
        member.listed = Listed {
            best_rank: Some(best_rank),
            day_count: days.len() as i64,
        };
        let artist = member.artist.map(|index| &mut self.artists.groups[index]);
        let album = member.album.map(|index| &mut self.albums.groups[index]);
        for group in artist.into_iter().chain(album) {
            group.count(member, &days);
        }
    }

    /// The best of each kind: by class, then days on lists (most first), then name and id.
    pub fn best(self) -> Best {
        let members = self.members;
        let key = |track: &Track| {
            let member = &members[track.member];
            let days = Reverse(member.listed.day_count);
            (
                track.class,
                days,
                track.name.clone(),
                member.track_id.clone(),
            )
        };
        let mut tracks = self.tracks;
        tracks.sort_by_cached_key(key);
        tracks.truncate(self.limit);
        let tracks = tracks.into_iter().map(|track| {
            let member = &members[track.member];
            (member.track_id.clone(), member.listed.clone())
        });
        Best {
            tracks: tracks.collect(),
            artists: self.artists.best(self.limit),
            albums: self.albums.best(self.limit),
        }
    }
}

impl<Key: Hash + Eq> Groups<Key> {
    /// Adds a track to its group, and returns the index of that.
    fn add(&mut self, key: Key, class: Class, name: &str, row: &Names) -> usize {
        let index = *self.indexes.entry(key).or_insert_with(|| {
            self.groups.push(Group::new(class, name, row));
            self.groups.len() - 1
        });
        let group = &mut self.groups[index];
        group.track_count += 1;
        if (class, name) < (group.class, group.name.as_str()) {
            group.class = class;
            name.clone_into(&mut group.name);
        }
        if row.artist_name < group.artist_name {
            group.artist_name.clone_from(&row.artist_name);
        }
        if row.track_id < group.track_id {
            group.track_id.clone_from(&row.track_id);
        }
        index
    }

    /// For each group, whether it may be among the best.
    fn undecided(&self, limit: usize) -> Vec<bool> {
        let classes = || self.groups.iter().map(|group| group.class);
        let last = last_class(classes(), limit);
        classes().map(|class| Some(class) <= last).collect()
    }

    fn best(self, limit: usize) -> Vec<Group> {
        let mut groups = self.groups;
        for group in &mut groups {
            group.days.sort_unstable();
            group.days.dedup();
            group.listed.day_count = group.days.len() as i64;
        }
        groups.sort_by(|one, other| one.order().cmp(&other.order()));
        groups.truncate(limit);
        groups
    }
}

impl<Key> Default for Groups<Key> {
    fn default() -> Self {
        Self {
            indexes: HashMap::new(),
            groups: Vec::new(),
        }
    }
}

impl Group {
    fn new(class: Class, name: &str, row: &Names) -> Self {
        Self {
            class,
            name: name.to_owned(),
            artist_name: row.artist_name.clone(),
            artist_key: row.artist_key.clone(),
            track_count: 0,
            listed: Listed::default(),
            track_id: row.track_id.clone(),
            most_days: 0,
            days: Vec::new(),
        }
    }

    fn count(&mut self, member: &Member, days: &[u32]) {
        self.days.extend(days);
        let best = self.listed.best_rank.into_iter();
        self.listed.best_rank = best.chain(member.listed.best_rank).min();
        let count = member.listed.day_count;
        let order = |days: i64, track_id: &str| (Reverse(days), track_id.to_owned());
        if order(count, &member.track_id) < order(self.most_days, &self.track_id) {
            self.most_days = count;
            self.track_id.clone_from(&member.track_id);
        }
    }

    fn order(&self) -> impl Ord {
        let days = Reverse(self.listed.day_count);
        (self.class, days, &self.name, &self.artist_key)
    }
}

/// The last class that has one of the best.
fn last_class(classes: impl Iterator<Item = Class>, limit: usize) -> Option<Class> {
    let mut by_class = [(None, 0); Class::COUNT];
    for class in classes {
        let (of, count) = &mut by_class[class as usize];
        (*of, *count) = (Some(class), *count + 1);
    }
    let mut better = 0;
    let possible = by_class.into_iter().take_while(|(_, count)| {
        let is_possible = better < limit;
        better += count;
        is_possible
    });
    possible.filter_map(|(class, _)| class).last()
}
