//! Captures: the ledger of every attempt to take a ranked list, and how it ended.
//!
//! [`query`] reads it, [`api`] answers as JSON.

pub mod api;
pub mod query;
