//! Some months belong to one kind of music: old records, Japanese, guitars, a summer in Spanish.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{
    days::day,
    names::{JAPANESE, SPANISH},
};

/// Some months in which one thing was played above all others.
pub struct Phase {
    first: NaiveDate,
    last: NaiveDate,
    pub years: RangeInclusive<i32>,
    /// An index into [`TONGUES`](super::names::TONGUES), when it was about a language.
    pub tongue: Option<usize>,
}

static PHASES: [Phase; 4] = [
    Phase {
        first: day(2024, 2, 20),
        last: day(2024, 7, 10),
        years: 1958..=1984,
        tongue: None,
    },
    Phase {
        first: day(2025, 1, 5),
        last: day(2025, 5, 20),
        years: 1979..=2026,
        tongue: Some(JAPANESE),
    },
    Phase {
        first: day(2025, 9, 10),
        last: day(2025, 12, 20),
        years: 1990..=2003,
        tongue: None,
    },
    Phase {
        first: day(2026, 6, 1),
        last: day(2026, 8, 31),
        years: 2010..=2026,
        tongue: Some(SPANISH),
    },
];

pub fn phase(date: NaiveDate) -> Option<&'static Phase> {
    PHASES
        .iter()
        .find(|phase| phase.first <= date && date <= phase.last)
}
