//! Evolution: how the lists of one range changed over a period.
//!
//! [`query`] reads all lists of the range. [`lists`], [`artists`], [`stays`] and [`top_ten`] compute the answer from them.
//! [`findings`] has the most and the least of each part, for the sentences on the page.

mod answer;
mod api;
mod artists;
mod example;
mod findings;
mod lists;
mod page;
mod period;
mod query;
mod stays;
mod top_ten;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use crate::http::kept_page;
use poem::get;
use poem_openapi::OpenApi;

pub struct Evolution;

impl Feature for Evolution {
    const NAVIGATION: Option<NavigationEntry> = Some(page::NAVIGATION);

    fn api() -> impl OpenApi {
        api::EvolutionApi
    }

    fn pages(routes: Pages) -> Pages {
        let show = kept_page(&["time_range", "period", "as_of"], get(page::show));
        routes.at(page::NAVIGATION.path, show)
    }
}
