//! The dashboard: what the library holds, at one glance.
//!
//! [`query`] asks everything of one moment, [`page`] shows it, [`api`] answers the summary.

pub mod api;
pub mod page;
pub mod query;
