//! Snapshots: the ranked lists, which there are and what stands on one.
//!
//! [`query`] asks the tables, [`api`] answers as JSON.

pub mod api;
pub mod query;

mod body;
mod example;
