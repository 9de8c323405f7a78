//! The dashboard: the library at a glance. It has no query of its own; its parts come from other features.

pub mod page;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use crate::http::kept_page;
use poem::get;

pub struct Dashboard;

impl Feature for Dashboard {
    const NAVIGATION: Option<NavigationEntry> = Some(page::NAVIGATION);

    fn pages(routes: Pages) -> Pages {
        routes.at(page::NAVIGATION.path, kept_page(&[], get(page::show)))
    }
}
