//! The pages of the lists, and what both have: a form that leads to the list of a day.

mod absent;
pub mod calendar;
mod left;
pub mod list;
mod table;

use crate::features::snapshots::page::LISTS;
use crate::html::components::{hidden, wrong};
use crate::html::controls::date_field;
use crate::html::layout::NavigationEntry;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};

pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: LISTS,
    name: "Lists",
};

/// The query parameters of the calendar, and those of the form.
pub const PARAMETERS: &[&str] = &["year", "attempts", "cursor", DATE, TIME_RANGE];
const DATE: &str = "date";
const TIME_RANGE: &str = "time_range";

/// Without a range the form leads to the first that has a list on the day. `refusal` says why the day sent before does
/// not exist.
fn choose_day(
    time_range: Option<TimeRange>,
    day: Option<NaiveDate>,
    span: (Option<NaiveDate>, Option<NaiveDate>),
    refusal: Option<&str>,
) -> Markup {
    html! {
        form.choose-day action=(LISTS) {
            @if let Some(range) = time_range {
                input type="hidden" name=(TIME_RANGE) value=(range.word());
            }
            @if refusal.is_some() {
                (wrong_day(span))
            } @else {
                (date_field(DATE, hidden("Day"), day, span))
            }
            button.button { "Go" }
            @if let Some(refusal) = refusal { (wrong("wrong-day", refusal)) }
        }
    }
}

fn wrong_day((first, last): (Option<NaiveDate>, Option<NaiveDate>)) -> Markup {
    html! {
        label for=(DATE) { (hidden("Day")) }
        input type="date" id=(DATE) name=(DATE) min=[first] max=[last] required autofocus
            aria-invalid="true" aria-describedby="wrong-day";
    }
}
