//! Phases: some months in which the listener prefers the music of some years, or of one language.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{
    days::day,
    names::{JAPANESE, SPANISH},
};

pub struct Phase {
    first: NaiveDate,
    last: NaiveDate,
    /// The preferred years of release.
    pub years: RangeInclusive<i32>,
    /// The preferred language, as an index into [`LANGUAGES`](super::names::LANGUAGES).
    pub language: Option<usize>,
}

static PHASES: [Phase; 4] = [
    Phase {
        first: day(2024, 2, 20),
        last: day(2024, 7, 10),
        years: 1958..=1984,
        language: None,
    },
    Phase {
        first: day(2025, 1, 5),
        last: day(2025, 5, 20),
        years: 1979..=2026,
        language: Some(JAPANESE),
    },
    Phase {
        first: day(2025, 9, 10),
        last: day(2025, 12, 20),
        years: 1990..=2003,
        language: None,
    },
    Phase {
        first: day(2026, 6, 1),
        last: day(2026, 8, 31),
        years: 2010..=2026,
        language: Some(SPANISH),
    },
];

pub fn phase(date: NaiveDate) -> Option<&'static Phase> {
    PHASES
        .iter()
        .find(|phase| phase.first <= date && date <= phase.last)
}
