//! Instants in words, in the time zone.

use crate::clock::Clock;
use crate::html::components::{WEEKDAY_AND_DATE, WEEKDAY_AND_DAY};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// As in `06:00`.
pub fn time_of_day(at: DateTime<Utc>, clock: &Clock) -> String {
    clock.local(at).format("%H:%M").to_string()
}

/// As in `today`, `tomorrow`, `Fri 20 Nov`.
pub fn day(at: DateTime<Utc>, clock: &Clock) -> String {
    let (day, today) = (clock.local(at).date(), clock.today());
    match (day - today).num_days() {
        -1 => "yesterday".to_owned(),
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => date(day, today),
    }
}

/// As in `at 12:00`, `tomorrow at 06:00`.
pub fn when(at: DateTime<Utc>, clock: &Clock) -> String {
    let time = time_of_day(at, clock);
    match day(at, clock) {
        today if today == "today" => format!("at {time}"),
        day => format!("{day} at {time}"),
    }
}

fn date(day: NaiveDate, today: NaiveDate) -> String {
    let format = match day.year() == today.year() {
        true => WEEKDAY_AND_DAY,
        false => WEEKDAY_AND_DATE,
    };
    day.format(format).to_string()
}

/// As in `in 15 h 52 min`.
pub fn time_left(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (at - now).num_minutes().max(0);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("in {minutes} min"),
        (hours, minutes) => format!("in {hours} h {minutes} min"),
    }
}

/// As in `in 12 days`, `tomorrow`, `today`.
pub fn in_days(days: i64) -> String {
    match days {
        ..=0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}
