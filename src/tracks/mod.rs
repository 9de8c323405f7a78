//! Tracks: finding them, and one with its payload and its way through the lists.
//!
//! [`query`] asks the tables, `search` finds names in them, [`api`] answers as JSON.

pub mod api;
pub mod query;

mod body;
mod example;
mod search;
