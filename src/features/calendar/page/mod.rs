//! Parts of pages that show the calendar: the strip of days.

mod strip;

pub use strip::day_strip;
