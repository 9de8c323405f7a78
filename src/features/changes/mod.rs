//! Changes: what moved, came and went between two lists.

pub mod page;
pub mod query;
