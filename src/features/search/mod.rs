//! Search: tracks, artists and albums by their names.
//!
//! [`query`] streams all names and keeps the [`candidates`] whose names [`matching`] finds in [`fold`]ed form, then asks
//! the lists about them. Nothing is indexed, so a result cannot be out of date.

mod api;
mod candidates;
mod example;
mod fold;
mod matching;
mod page;
mod query;
mod turns;

pub use turns::Turns;

use super::{Feature, Pages};
use crate::http::kept_page;
use poem::get;
use poem_openapi::OpenApi;

/// The path of the page. The search field of every page leads to it.
pub const PATH: &str = "/search";

pub struct Search;

impl Feature for Search {
    fn api() -> impl OpenApi {
        api::SearchApi
    }

    fn pages(routes: Pages) -> Pages {
        routes.at(PATH, kept_page(&["q"], get(page::show)))
    }
}
