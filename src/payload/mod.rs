//! The provider's track object: which ones are accepted, and what is kept of them.
//!
//! [`json()`] parses JSON and refuses what a database cannot store, [`track`] reads a track object.

mod fold;
mod json;
mod refusal;
mod track;
mod tree;

pub use fold::folded;
pub use json::{canonical, json, stored, stored_text, too_large};
pub use refusal::Refusal;
pub use track::{Payload, Track, track, track_of};
pub use tree::Tree;

use chrono::NaiveDate;
use serde_json::value::RawValue;

pub const MAX_BYTES: usize = 256 * 1024;
/// Tracks in one list. The longest one in real data has 3,654.
pub const LONGEST_LIST: usize = 10_000;

/// Refuses the later pages of a list: only the first page is taken for the whole list. `offset` is
/// the member of the provider's paging object.
pub fn first_page(offset: Option<&RawValue>) -> Result<(), Refusal> {
    let is_first = match offset.map(|offset| json(offset.get())) {
        None | Some(Ok(Tree::Null)) => true,
        Some(Ok(Tree::Number(number))) => number.as_f64() == Some(0.0),
        Some(_) => false,
    };
    is_first.then_some(()).ok_or_else(|| {
        let reason = "must be 0; a later page of a list is not the whole list";
        Refusal::new("offset", reason)
    })
}

pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 12, 31).expect("a day");

/// Parses a day from 1900-01-01 to 2100-12-31, written in ten characters.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    let date: NaiveDate = text
        .parse()
        .ok()
        .filter(|date: &NaiveDate| date.to_string() == text)
        .ok_or("a day of the calendar was expected, as in 2026-03-01")?;
    match (FIRST_DAY..=LAST_DAY).contains(&date) {
        true => Ok(date),
        false => Err("the day must lie between 1900-01-01 and 2100-12-31".into()),
    }
}
