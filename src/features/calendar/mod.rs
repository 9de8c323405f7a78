//! The calendar: the state of each day of a range.

pub mod page;
pub mod query;
