//! Years of release: each has its share of the library, and more of it is found during a phase that prefers it.

use chrono::{Datelike, NaiveDate};

use super::{
    phases::{Phase, phase},
    random::Random,
};

/// First year, last year, tracks released in them.
const SHARES: [(i32, i32, u32); 17] = [
    (1958, 1959, 2),
    (1960, 1969, 13),
    (1970, 1979, 62),
    (1980, 1989, 91),
    (1990, 1999, 151),
    (2000, 2009, 210),
    (2010, 2016, 263),
    (2017, 2017, 46),
    (2018, 2018, 49),
    (2019, 2019, 54),
    (2020, 2020, 22),
    (2021, 2021, 30),
    (2022, 2022, 40),
    (2023, 2023, 51),
    (2024, 2024, 60),
    (2025, 2025, 73),
    (2026, 2026, 66),
];

/// The factor on the weight of the years that a phase prefers.
const IN_PHASE: f64 = 6.0;
/// The factor on the weight of the year in which an album is found.
const NEW_THIS_YEAR: f64 = 3.0;

/// Each year, with the number of its tracks that are still to be found.
pub struct Years(Vec<(i32, f64)>);

impl Years {
    /// Distributes `songs` over the years in proportion to [`SHARES`].
    pub fn of(songs: usize) -> Self {
        let total: u32 = SHARES.iter().map(|(_, _, tracks)| tracks).sum();
        let scale = songs as f64 / f64::from(total);
        let years = SHARES.iter().flat_map(|&(first, last, tracks)| {
            let each = f64::from(tracks) * scale / f64::from(last - first + 1);
            (first..=last).map(move |year| (year, each))
        });
        Self(years.collect())
    }

    /// A random year for an album that was found on this day, not a later one.
    pub fn draw(&mut self, found: NaiveDate, songs: usize, random: &mut Random) -> i32 {
        let phase = phase(found);
        let weights: Vec<f64> = self
            .0
            .iter()
            .filter(|(year, _)| *year <= found.year())
            .map(|(year, left)| left.max(0.01) * factor(*year, found, phase))
            .collect();
        let (year, left) = &mut self.0[random.weighted_index(&weights)];
        *left -= songs as f64;
        *year
    }
}

fn factor(year: i32, found: NaiveDate, phase: Option<&Phase>) -> f64 {
    let in_phase = phase.is_some_and(|phase| phase.years.contains(&year));
    match (in_phase, year == found.year()) {
        (true, _) => IN_PHASE,
        (false, true) => NEW_THIS_YEAR,
        (false, false) => 1.0,
    }
}
