//! Gems: tracks that were forgotten, tracks that are new, and the list of now.

mod api;
mod example;
mod page;
pub mod query;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use crate::http::kept_page;
use poem::get;
use poem_openapi::OpenApi;

pub struct Gems;

impl Feature for Gems {
    const NAVIGATION: Option<NavigationEntry> = Some(page::NAVIGATION);

    fn api() -> impl OpenApi {
        api::GemsApi
    }

    fn pages(routes: Pages) -> Pages {
        let kept = page::PARAMETERS;
        routes
            .at(page::NAVIGATION.path, kept_page(kept, get(page::gems)))
            .at(page::DISCOVERIES, kept_page(kept, get(page::discoveries)))
            .at(page::ROTATION, kept_page(kept, get(page::rotation)))
    }
}
