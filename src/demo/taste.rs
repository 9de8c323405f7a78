//! A listener: songs catch fire when they are found, burn down, and some of them come back.
//!
//! The three lists are what the provider makes of it: the same plays, forgotten over weeks, months or a year.

use chrono::{Days, NaiveDate};

use super::{albums::Song, chance::Chance, days::LAST_DAY};

pub const LIST_LENGTH: usize = 50;

/// After about so many days plays are forgotten, in the order of [`TimeRange::ALL`].
const MEMORY_DAYS: [f64; 3] = [12.0, 80.0, 200.0];

/// How a song is liked today.
struct Liking {
    /// Plays a day, on average.
    heat: f64,
    /// What is left of the heat after a day.
    fade: f64,
    /// Plays remembered, in the order of [`TimeRange::ALL`].
    plays: [f64; 3],
}

/// From this day on a song is played more again.
struct Spell {
    day: NaiveDate,
    song: usize,
    heat: f64,
}

pub struct Taste {
    likings: Vec<Liking>,
    /// Latest first, so that the next one can be popped.
    spells: Vec<Spell>,
}

impl Taste {
    pub fn for_songs(songs: &[Song], chance: &mut Chance) -> Self {
        let mut taste = Self {
            likings: Vec::with_capacity(songs.len()),
            spells: Vec::new(),
        };
        for (index, song) in songs.iter().enumerate() {
            taste.add(index, song.found, chance);
        }
        taste
            .spells
            .sort_by_key(|spell| (std::cmp::Reverse(spell.day), spell.song));
        taste
    }

    fn add(&mut self, song: usize, found: NaiveDate, chance: &mut Chance) {
        // A product of three: most songs pass, a few stay for years.
        let loved = chance.share() * chance.share() * chance.share();
        let days = chance.between(5.0, 22.0) + 30.0 * loved;
        self.likings.push(Liking {
            heat: 0.0,
            fade: 1.0 - 1.0 / days,
            plays: [0.0; 3],
        });
        let first_heat = chance.between(1.2, 1.7) + loved;
        let longest_pause_days = 40.0 + 400.0 * (1.0 - loved);
        let mut day = found;
        let mut heat = first_heat;
        while day <= LAST_DAY {
            self.spells.push(Spell { day, song, heat });
            let pause_days = 30.0 + chance.share() * longest_pause_days;
            day = day + Days::new(pause_days as u64);
            heat = first_heat * chance.between(0.3, 1.0);
        }
    }

    /// One day of listening.
    pub fn listen(&mut self, day: NaiveDate, chance: &mut Chance) {
        while let Some(spell) = self.spells.pop_if(|spell| spell.day <= day) {
            self.likings[spell.song].heat += spell.heat;
        }
        for liking in &mut self.likings {
            // Squared: a song is played a lot on one day and hardly on the next. On average it is the heat.
            let luck = chance.share();
            let today = liking.heat * 3.0 * luck * luck;
            liking.heat *= liking.fade;
            for (plays, memory_days) in liking.plays.iter_mut().zip(MEMORY_DAYS) {
                *plays += (today - *plays) / memory_days;
            }
        }
    }

    /// The songs played most, best first, one list for each of [`TimeRange::ALL`].
    pub fn top_lists(&self) -> [Vec<usize>; 3] {
        [0, 1, 2].map(|range| {
            let more_plays = |a: &usize, b: &usize| {
                let plays = |song: usize| self.likings[song].plays[range];
                plays(*b).total_cmp(&plays(*a)).then(a.cmp(b))
            };
            let mut songs: Vec<usize> = (0..self.likings.len()).collect();
            songs.select_nth_unstable_by(LIST_LENGTH - 1, more_plays);
            songs.truncate(LIST_LENGTH);
            songs.sort_unstable_by(more_plays);
            songs
        })
    }
}
