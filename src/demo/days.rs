//! How each day of the sample went: most lists were kept, some days show what a real ledger shows.

use chrono::NaiveDate;

use super::chance::Chance;

/// The days of the first and the last lists, before [`library`](super::library) moves all dates.
pub const FIRST_DAY: NaiveDate = day(2023, 11, 11);
pub const LAST_DAY: NaiveDate = day(2026, 11, 22);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Kept,
    /// Kept, and the same as on the last kept day.
    Unchanged,
    Degraded,
    Empty,
    Failed(&'static str),
    Missed,
}

/// First missed day and how many.
const MISSED: [(NaiveDate, i64); 20] = [
    (day(2023, 12, 5), 1),
    (day(2023, 12, 24), 3),
    (day(2024, 1, 30), 1),
    (day(2024, 3, 9), 2),
    (day(2024, 4, 17), 1),
    (day(2024, 6, 1), 1),
    (day(2024, 7, 20), 4),
    (day(2024, 9, 14), 2),
    (day(2024, 11, 22), 1),
    (day(2024, 12, 31), 2),
    (day(2025, 2, 11), 1),
    (day(2025, 3, 8), 4),
    (day(2025, 5, 3), 2),
    (day(2025, 6, 19), 1),
    (day(2025, 8, 2), 3),
    (day(2025, 10, 11), 1),
    (day(2026, 1, 1), 2),
    (day(2026, 3, 27), 2),
    (day(2026, 7, 4), 2),
    (day(2026, 10, 30), 1),
];

const FAILED: [(NaiveDate, &str); 6] = [
    (day(2024, 2, 19), "Spotify answered 503 three times"),
    (day(2024, 8, 6), "Spotify did not answer within 10 s"),
    (
        day(2025, 1, 17),
        "Spotify asked for a pause of 6 hours (429)",
    ),
    (day(2025, 7, 9), "Spotify answered 502 three times"),
    (day(2026, 2, 24), "Spotify’s permission had ended"),
    (day(2026, 8, 20), "Spotify answered 503 three times"),
];

const EMPTY: [NaiveDate; 4] = [
    day(2024, 5, 22),
    day(2025, 4, 2),
    day(2025, 11, 5),
    day(2026, 4, 13),
];

const DEGRADED: [NaiveDate; 4] = [
    day(2025, 4, 16),
    day(2025, 8, 28),
    day(2026, 9, 28),
    day(2026, 9, 29),
];

const UNCHANGED_PERCENT: u32 = 6;

pub fn how_it_went(date: NaiveDate, chance: &mut Chance) -> Day {
    let missed =
        |(first, days): &(NaiveDate, i64)| (0..*days).contains(&(date - *first).num_days());
    if MISSED.iter().any(missed) {
        return Day::Missed;
    }
    if let Some((_, reason)) = FAILED.iter().find(|(day, _)| *day == date) {
        return Day::Failed(reason);
    }
    if EMPTY.contains(&date) {
        return Day::Empty;
    }
    if DEGRADED.contains(&date) {
        return Day::Degraded;
    }
    // The first day has nothing to repeat, and the front page should open on a day with news.
    let may_repeat = date > FIRST_DAY && (LAST_DAY - date).num_days() > 2;
    if may_repeat && chance.happens(UNCHANGED_PERCENT) {
        return Day::Unchanged;
    }
    Day::Kept
}

pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the dates written here exist")
}
