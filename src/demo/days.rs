//! The outcome of each day of the sample. Most days have new lists; the others show what can go wrong in a real library.

use chrono::NaiveDate;

use super::random::Random;

/// The days of the first and the last lists, before [`library`](super::library) moves all dates.
pub const FIRST_DAY: NaiveDate = day(2023, 11, 11);
pub const LAST_DAY: NaiveDate = day(2026, 11, 22);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    NewLists,
    /// The lists are the same as on the last day that has lists.
    SameLists,
    Degraded,
    Empty,
    /// Carries the reason.
    Failed(&'static str),
    Missed,
}

/// The first day of each gap, and its length in days.
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

const SAME_LISTS_PERCENT: u32 = 6;

pub fn day_of(date: NaiveDate, random: &mut Random) -> Day {
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
    // The first day has no lists before it. The dashboard shows the changes of the last days, so there should be some.
    let may_repeat = date > FIRST_DAY && (LAST_DAY - date).num_days() > 2;
    if may_repeat && random.happens(SAME_LISTS_PERCENT) {
        return Day::SameLists;
    }
    Day::NewLists
}

pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the dates written here exist")
}
