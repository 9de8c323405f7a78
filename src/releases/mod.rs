//! Releases: when the music in the library came out, and how much of it is explicit.
//!
//! [`query`] counts what the database drew from the payloads, [`api`] answers it as JSON.

pub mod api;
pub mod query;
