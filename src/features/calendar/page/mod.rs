//! Parts of pages that show the calendar: the strip of days, the year, and the marks of states.

mod marks;
mod month;
mod strip;
mod year;

pub use marks::{state_mark, usual_reason};
pub use strip::day_strip;
pub use year::calendar;
