//! A month as a table of weeks. Each day is a number over three bars, one for each range.

use crate::features::calendar::query::DayState;
use crate::features::calendar::year::{DayOfLists, Month};
use crate::features::snapshots::page::{list_address, range_name};
use crate::html::components::hidden;
use chrono::{Datelike, NaiveDate};
use entity::snapshot::TimeRange;
use maud::{Markup, html};

const WEEKDAYS: [(&str, &str); 7] = [
    ("M", "Monday"),
    ("T", "Tuesday"),
    ("W", "Wednesday"),
    ("T", "Thursday"),
    ("F", "Friday"),
    ("S", "Saturday"),
    ("S", "Sunday"),
];
/// Where the bars of the ranges begin.
const BARS: [&str; 3] = ["0", "7.5", "15"];
const HOLLOW_BARS: [&str; 3] = [".5", "8", "15.5"];

pub fn month(month: &Month, today: NaiveDate) -> Markup {
    html! {
        table.month {
            caption {
                @if let Some(first) = month.days.first() { b { (first.date.format("%B")) } }
                @if month.counts.all > 0 {
                    span { " " (month.counts.kept) " of " (month.counts.all) (hidden(" days kept")) }
                }
            }
            thead {
                tr {
                    @for (letter, name) in WEEKDAYS {
                        th scope="col" { abbr title=(name) { (letter) } }
                    }
                }
            }
            tbody {
                @for week in weeks(&month.days) {
                    tr { @for day in week { td { @if let Some(day) = day { (cell(day, today)) } } } }
                }
            }
        }
    }
}

/// Rows of seven days, Monday first.
fn weeks(days: &[DayOfLists]) -> Vec<[Option<&DayOfLists>; 7]> {
    let mut weeks = Vec::new();
    for day in days {
        let weekday = day.date.weekday().num_days_from_monday() as usize;
        if weeks.is_empty() || weekday == 0 {
            weeks.push([None; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            week[weekday] = Some(day);
        }
    }
    weeks
}

fn cell(day: &DayOfLists, today: NaiveDate) -> Markup {
    let is_today = day.date == today;
    let current = is_today.then_some("date");
    html! {
        @if let Some(range) = day.list() {
            a.day.today[is_today] href=(list_address(day.date, range)) aria-current=[current] { (inside(day)) }
        } @else {
            span.day.today[is_today] aria-current=[current] { (inside(day)) }
        }
    }
}

fn inside(day: &DayOfLists) -> Markup {
    html! {
        @if day.states == [DayState::None; 3] {
            (day.date.day())
        } @else {
            span aria-hidden="true" { (day.date.day()) }
            (hidden(&words(day)))
            (three_bars(day.states))
        }
    }
}

/// As in `28 September: short term degraded, medium term kept, long term kept`.
fn words(day: &DayOfLists) -> String {
    let date = day.date.format("%-d %B");
    if day.states == [day.states[0]; 3] {
        return format!("{date}: {}", day.states[0].word());
    }
    let states = TimeRange::ALL.into_iter().zip(day.states);
    let known = states.filter(|(_, state)| *state != DayState::None);
    let words = known.map(|(range, state)| {
        let range = range_name(range).to_lowercase();
        format!("{range} {}", state.word())
    });
    format!("{date}: {}", Vec::from_iter(words).join(", "))
}

/// One path for each state: a year has a thousand bars.
pub fn three_bars(states: [DayState; 3]) -> Markup {
    html! {
        svg width="20" height="13" viewBox="0 0 20 13" preserveAspectRatio="none" aria-hidden="true" {
            @for (position, state) in states.into_iter().enumerate() {
                @if state != DayState::None && !states[..position].contains(&state) {
                    path class=(state.word()) d=(bars(state, states)) {}
                }
            }
        }
    }
}

fn bars(state: DayState, states: [DayState; 3]) -> String {
    let mut path = String::new();
    for position in (0..3).filter(|position| states[*position] == state) {
        let x = BARS[position];
        path += &match state {
            DayState::Kept => format!("M{x} 0h5v10h-5z"),
            DayState::Same => format!("M{x} 5h5v5h-5z"),
            DayState::Degraded => format!("M{x} 0h5v10h-5zM{x} 11h5v2h-5z"),
            DayState::Failed => format!("M{x} 6h5v4h-5z"),
            DayState::Empty => format!("M{} 6.5h4v3h-4z", HOLLOW_BARS[position]),
            DayState::Missed => format!("M{x} 8.5h5v1.5h-5z"),
            DayState::Waiting => format!("M{} .5h4v9h-4z", HOLLOW_BARS[position]),
            DayState::None => String::new(),
        };
    }
    path
}
