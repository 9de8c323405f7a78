//! Deals titles in one language, never the same one twice.

use super::{
    chance::Chance,
    names::{Tongue, each},
};

const WRITTEN_PERCENT: u32 = 10;

pub struct Titles {
    written: Vec<String>,
    combined: Vec<String>,
}

impl Titles {
    pub fn of(tongue: &Tongue) -> Self {
        let mut combined = Vec::new();
        for (openings, endings) in tongue.pairs {
            for opening in each(openings) {
                combined.extend(each(endings).map(|ending| [opening, ending].join(tongue.joint)));
            }
        }
        Self {
            written: each(tongue.written).map(str::to_owned).collect(),
            combined,
        }
    }

    pub fn next(&mut self, chance: &mut Chance) -> String {
        let is_written = !self.written.is_empty() && chance.happens(WRITTEN_PERCENT);
        let titles = if is_written {
            &mut self.written
        } else {
            &mut self.combined
        };
        assert!(
            !titles.is_empty(),
            "every language has more titles than songs"
        );
        titles.swap_remove(chance.below(titles.len()))
    }
}
