//! Changes: what moved, came and went between two lists.

mod api;
pub mod drift;
mod example;
mod groups;
pub mod page;
pub mod query;
mod slopes;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use crate::http::kept_page;
use poem::get;
use poem_openapi::OpenApi;

pub struct Changes;

impl Feature for Changes {
    const NAVIGATION: Option<NavigationEntry> = Some(page::NAVIGATION);

    fn api() -> impl OpenApi {
        api::ChangesApi
    }

    fn pages(routes: Pages) -> Pages {
        routes
            .at(
                page::NAVIGATION.path,
                kept_page(page::PARAMETERS, get(page::latest)),
            )
            .at(
                page::COMPARISON,
                kept_page(page::PARAMETERS, get(page::show)),
            )
    }
}
