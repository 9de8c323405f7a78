//! Parts of pages that show lists: the names of the ranges, tabs to choose one, and the addresses of lists.

use crate::html::controls::{Tab, address, tabs};
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::Markup;

/// The address of the page of all lists.
pub const LISTS: &str = "/lists";

pub fn range_name(time_range: TimeRange) -> &'static str {
    match time_range {
        TimeRange::ShortTerm => "Short term",
        TimeRange::MediumTerm => "Medium term",
        TimeRange::LongTerm => "Long term",
    }
}

/// The length of the range, in the words of the provider.
pub fn range_length(time_range: TimeRange) -> &'static str {
    match time_range {
        TimeRange::ShortTerm => "4 weeks",
        TimeRange::MediumTerm => "6 months",
        TimeRange::LongTerm => "1 year or more",
    }
}

/// The range in the query of a page: the short one, if there is none or it is unknown.
pub fn range_or_default(word: Option<&str>) -> TimeRange {
    word.and_then(TimeRange::from_word)
        .unwrap_or(TimeRange::ShortTerm)
}

/// One tab for each range, with the address of the same page for it.
pub fn range_tabs(current: TimeRange, href: impl Fn(TimeRange) -> String) -> Markup {
    tabs(
        "Time range",
        &TimeRange::ALL.map(|range| Tab {
            name: range_name(range),
            note: range_length(range),
            href: href(range),
            is_current: range == current,
        }),
    )
}

/// The address of the page of a list.
pub fn list_address(date: NaiveDate, time_range: TimeRange) -> String {
    address(&["lists", &date.to_string(), time_range.word()])
}
