//! The log: sign-ins, changes of tokens and of the password, exports and deletions.

mod api;
mod page;
mod query;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use poem::get;
use poem_openapi::OpenApi;

pub struct Log;

const PATH: &str = "/settings/log";

impl Feature for Log {
    const SETTINGS: Option<NavigationEntry> = Some(NavigationEntry {
        path: PATH,
        name: "Log",
    });

    fn api() -> impl OpenApi {
        api::LogApi
    }

    fn pages(routes: Pages) -> Pages {
        routes.at(PATH, get(page::show))
    }
}
