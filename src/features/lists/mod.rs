//! Lists: the calendar of all lists with the ledger, and the list on any day. The feature has only pages.

mod page;
mod query;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use crate::http::kept_page;
use poem::{get, post};

/// The path of the calendar.
pub const PATH: &str = page::NAVIGATION.path;

pub struct Lists;

impl Feature for Lists {
    const NAVIGATION: Option<NavigationEntry> = Some(page::NAVIGATION);

    fn pages(routes: Pages) -> Pages {
        let calendar = kept_page(page::PARAMETERS, get(page::calendar::show));
        routes
            .at(PATH, calendar)
            .at(
                "/lists/:date/:time_range",
                kept_page(&[], get(page::list::show)),
            )
            .at("/lists/:date/:time_range/delete", post(page::list::delete))
    }
}
