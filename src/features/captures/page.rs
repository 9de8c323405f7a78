//! The table of the ledger.

use super::ledger::{Attempt, LedgerRow};
use crate::clock::Clock;
use crate::features::calendar::page::{state_mark, usual_reason};
use crate::features::calendar::query::DayState;
use crate::html::components::{DATE, WEEKDAY_AND_DATE, count, date, wide_table};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::capture::Outcome;
use entity::snapshot::TimeRange;
use maud::{Markup, html};

/// Narrow screens get the ranges below the day, and neither tracks, source nor time.
pub fn ledger_table(rows: &[LedgerRow], clock: &Clock) -> Markup {
    let table = html! {
        table.ledger {
            thead {
                tr {
                    th scope="col" { "Day" }
                    th.on-wide-screens scope="col" { "Lists" }
                    th scope="col" { "Outcome" }
                    th.number.on-wide-screens scope="col" { "Tracks" }
                    th scope="col" { "Reason" }
                    th.on-wide-screens scope="col" { "Source" }
                    th.on-wide-screens scope="col" { "When" }
                }
            }
            tbody { @for row in rows { (ledger_row(row, clock)) } }
        }
    };
    wide_table("Attempts to take a list", table)
}

fn ledger_row(row: &LedgerRow, clock: &Clock) -> Markup {
    let (state, outcome, reason) = what_happened(row.attempt.as_ref());
    let ranges = ranges(&row.time_ranges);
    let attempt = row.attempt.as_ref();
    html! {
        tr {
            th scope="row" {
                (date(row.snapshot_date, WEEKDAY_AND_DATE))
                span.under.on-narrow-screens { (ranges) }
            }
            td.on-wide-screens { (ranges) }
            td.outcome { span { (state_mark(state)) (outcome) } }
            td.number.on-wide-screens {
                @if let Some(tracks) = attempt.and_then(tracks) { (tracks) }
            }
            td.reason {
                bdi { (reason) }
                @if let Some(count) = attempt.map(|attempt| attempt.attempt_count).filter(|count| *count > 1) {
                    ", " (count) " times"
                }
            }
            td.source.on-wide-screens { @if let Some(attempt) = attempt { bdi { (attempt.source) } } }
            td.on-wide-screens {
                @if let Some(attempt) = attempt { (when(attempt.captured_at, row.snapshot_date, clock)) }
            }
        }
    }
}

/// The state whose mark stands for the outcome, the outcome and its reason in words.
fn what_happened(attempt: Option<&Attempt>) -> (DayState, &'static str, &str) {
    let (state, word, usual) = match attempt.map(|attempt| attempt.outcome) {
        Some(Outcome::Captured) => (DayState::Kept, "captured", "a new list was kept"),
        Some(Outcome::Unchanged) => (
            DayState::Same,
            "unchanged",
            "the list that was kept for the day already",
        ),
        Some(Outcome::Degraded) => of_state(DayState::Degraded),
        Some(Outcome::Empty) => of_state(DayState::Empty),
        Some(Outcome::Failed) => of_state(DayState::Failed),
        None => of_state(DayState::Missed),
    };
    let reason = attempt.and_then(|attempt| attempt.reason.as_deref());
    (state, word, reason.unwrap_or(usual))
}

fn of_state(state: DayState) -> (DayState, &'static str, &'static str) {
    (state, state.word(), usual_reason(state))
}

/// A failed attempt usually has none to count.
fn tracks(attempt: &Attempt) -> Option<String> {
    let is_counted = attempt.outcome != Outcome::Failed || attempt.track_count > 0;
    is_counted.then(|| count(attempt.track_count.into()))
}

/// As in `all three`, `short and long term`.
fn ranges(ranges: &[TimeRange]) -> String {
    if ranges == TimeRange::ALL {
        return "all three".to_owned();
    }
    let words = ranges.iter().map(|range| match range {
        TimeRange::ShortTerm => "short",
        TimeRange::MediumTerm => "medium",
        TimeRange::LongTerm => "long",
    });
    format!("{} term", Vec::from_iter(words).join(" and "))
}

/// The time of day, with the date unless it is that of the list. Nothing, if only the day is known.
fn when(at: DateTime<Utc>, of: NaiveDate, clock: &Clock) -> Markup {
    let local = clock.local(at);
    html! {
        @if !is_day_only(at, of) {
            time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) {
                @if local.date() != of { (local.format(DATE)) ", " }
                (local.format("%H:%M:%S"))
            }
        }
    }
}

/// The ledger has midnight UTC of the list's day if only the day is known.
pub fn is_day_only(captured_at: DateTime<Utc>, of: NaiveDate) -> bool {
    captured_at.naive_utc() == of.and_time(NaiveTime::MIN)
}
