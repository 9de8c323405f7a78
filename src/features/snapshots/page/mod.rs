//! Parts of pages that show lists: the rows of one, and the strip of days.

mod ranking;
mod strip;

pub use ranking::{range_name, ranking};
pub use strip::day_strip;
