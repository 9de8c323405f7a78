//! Snapshots: the ranked lists, which there are and what stands on one.
//!
//! [`query`] asks the tables, [`lists`] remembers which there are, [`api`] answers as JSON.

pub mod api;
pub mod lists;
pub mod query;

mod body;
mod example;
