//! Draws titles in one language, without repetition.

use super::{
    names::{Language, each},
    random::Random,
};

const COMPLETE_PERCENT: u32 = 10;

pub struct Titles {
    complete: Vec<String>,
    /// An opening and an ending each.
    combined: Vec<String>,
}

impl Titles {
    pub fn of(language: &Language) -> Self {
        let mut combined = Vec::new();
        for (openings, endings) in language.pairs {
            for opening in each(openings) {
                combined
                    .extend(each(endings).map(|ending| [opening, ending].join(language.separator)));
            }
        }
        Self {
            complete: each(language.titles).map(str::to_owned).collect(),
            combined,
        }
    }

    pub fn next(&mut self, random: &mut Random) -> String {
        let is_complete = !self.complete.is_empty() && random.happens(COMPLETE_PERCENT);
        let titles = if is_complete {
            &mut self.complete
        } else {
            &mut self.combined
        };
        assert!(
            !titles.is_empty(),
            "every language has more titles than songs"
        );
        titles.swap_remove(random.below(titles.len()))
    }
}
