//! Search: tracks, artists and albums by their names.

/// The path of the page. The search field of every page leads to it.
pub const PATH: &str = "/search";
