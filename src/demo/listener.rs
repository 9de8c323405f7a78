//! A simulated listener. A song is played often when it is found, then less every day, and now and then more again.
//!
//! The three lists rank songs by their plays in the last 4 weeks, 6 months and year. Many have the same number of plays;
//! as at the provider, these are ordered by id.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};

use super::{catalogue::Song, days::LAST_DAY, random::Random, tracks::track_id};

pub const LIST_LENGTH: usize = 50;

/// The days whose plays count, in the order of [`TimeRange::ALL`](entity::snapshot::TimeRange::ALL).
const COUNTED_DAYS: [usize; 3] = [28, 180, 365];

/// How much a song is played.
struct Plays {
    track_id: String,
    /// Three times the expected plays of the next day.
    interest: f64,
    /// The factor on `interest` from one day to the next.
    decay: f64,
    /// The plays of each day so far.
    daily: Vec<u32>,
    /// The plays in the last days, as in [`COUNTED_DAYS`].
    counts: [u32; 3],
}

/// A day from which a song is played more.
struct Burst {
    day: NaiveDate,
    song: usize,
    more_interest: f64,
}

pub struct Listener {
    plays: Vec<Plays>,
    /// Latest first, because the next one is popped.
    bursts: Vec<Burst>,
}

impl Listener {
    pub fn of(songs: &[Song], random: &mut Random) -> Self {
        let mut listener = Self {
            plays: Vec::with_capacity(songs.len()),
            bursts: Vec::new(),
        };
        for (index, song) in songs.iter().enumerate() {
            listener.add(index, song, random);
        }
        listener
            .bursts
            .sort_by_key(|burst| (Reverse(burst.day), burst.song));
        listener
    }

    fn add(&mut self, index: usize, song: &Song, random: &mut Random) {
        // The product is near 0 for most songs, so only a few are played for years.
        let liked = random.fraction() * random.fraction() * random.fraction();
        let days = random.between(5.0, 22.0) + 30.0 * liked;
        self.plays.push(Plays {
            track_id: track_id(song),
            interest: 0.0,
            decay: 1.0 - 1.0 / days,
            daily: Vec::new(),
            counts: [0; 3],
        });
        let first_interest = random.between(1.2, 1.7) + liked;
        let longest_pause_days = 40.0 + 400.0 * (1.0 - liked);
        let mut day = song.found;
        let mut more_interest = first_interest;
        while day <= LAST_DAY {
            self.bursts.push(Burst {
                day,
                song: index,
                more_interest,
            });
            let pause_days = 30.0 + random.fraction() * longest_pause_days;
            day = day + Days::new(pause_days as u64);
            more_interest = first_interest * random.between(0.3, 1.0);
        }
    }

    /// One day of listening.
    pub fn listen(&mut self, day: NaiveDate, random: &mut Random) {
        while let Some(burst) = self.bursts.pop_if(|burst| burst.day <= day) {
            self.plays[burst.song].interest += burst.more_interest;
        }
        for song in &mut self.plays {
            // The square varies more from day to day than a uniform number. Its mean is 1/3.
            let fraction = random.fraction();
            let plays = song.interest * fraction * fraction;
            song.interest *= song.decay;
            // Rounded up or down, so that the mean stays.
            song.play((plays + random.fraction()) as u32);
        }
    }

    /// The songs played most, best first, in the order of [`TimeRange::ALL`](entity::snapshot::TimeRange::ALL).
    pub fn top_lists(&self) -> [Vec<usize>; 3] {
        [0, 1, 2].map(|range| {
            let order = |song: &usize| {
                let plays = &self.plays[*song];
                (Reverse(plays.counts[range]), &plays.track_id)
            };
            let more_plays = |one: &usize, other: &usize| order(one).cmp(&order(other));
            let mut songs: Vec<usize> = (0..self.plays.len()).collect();
            songs.select_nth_unstable_by(LIST_LENGTH - 1, more_plays);
            songs.truncate(LIST_LENGTH);
            songs.sort_unstable_by(more_plays);
            songs
        })
    }
}

impl Plays {
    fn play(&mut self, times: u32) {
        let today = self.daily.len();
        self.daily.push(times);
        for (count, days) in self.counts.iter_mut().zip(COUNTED_DAYS) {
            let no_longer = today.checked_sub(days).map_or(0, |day| self.daily[day]);
            *count = *count + times - no_longer;
        }
    }
}
