//! Changes: what moved, came and went between two lists.

pub mod drift;
pub mod page;
pub mod query;
