//! A simulated listener. A song is played often when it is found, then less every day, and now and then more again.
//!
//! The three lists rank songs by exponential moving averages of the same plays, over weeks, months and a year.

use chrono::{Days, NaiveDate};

use super::{catalogue::Song, days::LAST_DAY, random::Random};

pub const LIST_LENGTH: usize = 50;

/// The time constants of the moving averages, in the order of [`TimeRange::ALL`](entity::snapshot::TimeRange::ALL).
const AVERAGED_DAYS: [f64; 3] = [12.0, 80.0, 200.0];

/// How much a song is played.
struct Plays {
    /// The expected plays of the next day.
    expected: f64,
    /// The factor on `expected` from one day to the next.
    decay: f64,
    /// Moving averages of plays a day, as in [`AVERAGED_DAYS`].
    averages: [f64; 3],
}

/// A day from which a song is played more.
struct Burst {
    day: NaiveDate,
    song: usize,
    more_plays: f64,
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
            listener.add(index, song.found, random);
        }
        listener
            .bursts
            .sort_by_key(|burst| (std::cmp::Reverse(burst.day), burst.song));
        listener
    }

    fn add(&mut self, song: usize, found: NaiveDate, random: &mut Random) {
        // The product is near 0 for most songs, so only a few are played for years.
        let liked = random.fraction() * random.fraction() * random.fraction();
        let days = random.between(5.0, 22.0) + 30.0 * liked;
        self.plays.push(Plays {
            expected: 0.0,
            decay: 1.0 - 1.0 / days,
            averages: [0.0; 3],
        });
        let first_plays = random.between(1.2, 1.7) + liked;
        let longest_pause_days = 40.0 + 400.0 * (1.0 - liked);
        let mut day = found;
        let mut more_plays = first_plays;
        while day <= LAST_DAY {
            self.bursts.push(Burst {
                day,
                song,
                more_plays,
            });
            let pause_days = 30.0 + random.fraction() * longest_pause_days;
            day = day + Days::new(pause_days as u64);
            more_plays = first_plays * random.between(0.3, 1.0);
        }
    }

    /// One day of listening.
    pub fn listen(&mut self, day: NaiveDate, random: &mut Random) {
        while let Some(burst) = self.bursts.pop_if(|burst| burst.day <= day) {
            self.plays[burst.song].expected += burst.more_plays;
        }
        for song in &mut self.plays {
            // The square varies more from day to day than a uniform number. Its mean is 1/3.
            let fraction = random.fraction();
            let today = song.expected * 3.0 * fraction * fraction;
            song.expected *= song.decay;
            for (average, days) in song.averages.iter_mut().zip(AVERAGED_DAYS) {
                *average += (today - *average) / days;
            }
        }
    }

    /// The songs played most, best first, in the order of [`TimeRange::ALL`](entity::snapshot::TimeRange::ALL).
    pub fn top_lists(&self) -> [Vec<usize>; 3] {
        [0, 1, 2].map(|range| {
            let more_plays = |a: &usize, b: &usize| {
                let average = |song: usize| self.plays[song].averages[range];
                average(*b).total_cmp(&average(*a)).then(a.cmp(b))
            };
            let mut songs: Vec<usize> = (0..self.plays.len()).collect();
            songs.select_nth_unstable_by(LIST_LENGTH - 1, more_plays);
            songs.truncate(LIST_LENGTH);
            songs.sort_unstable_by(more_plays);
            songs
        })
    }
}
