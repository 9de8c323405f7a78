//! The features: what the program answers. Each is a folder of one shape, in which `query` asks the tables, `api`
//! answers as JSON and `page` as HTML. A query that outgrows `query.rs` has a file of its own.
//!
//! To add one, make its folder, declare it here and add it to the list below.

pub mod access;
pub mod artists;
pub mod calendar;
pub mod captures;
pub mod changes;
pub mod connection;
pub mod dashboard;
pub mod evolution;
pub mod gems;
pub mod histories;
pub mod library;
pub mod lists;
pub mod log;
pub mod on_this_day;
pub mod releases;
pub mod search;
pub mod snapshots;
pub mod summary;
pub mod tracks;

use crate::html::layout::NavigationEntry;
use poem::{IntoEndpoint, Route};
use poem_openapi::OpenApi;

/// Collects the parts of all features.
macro_rules! features {
    ($($feature:path),* $(,)?) => {
        pub fn navigation() -> Vec<NavigationEntry> {
            [$(<$feature as Feature>::NAVIGATION),*].into_iter().flatten().collect()
        }

        /// The pages of the settings.
        pub fn settings() -> Vec<NavigationEntry> {
            [$(<$feature as Feature>::SETTINGS),*].into_iter().flatten().collect()
        }

        pub fn api() -> impl OpenApi {
            features!(@pairs $($feature,)*)
        }

        pub fn pages() -> Pages {
            let routes = Pages::default();
            $(let routes = <$feature as Feature>::pages(routes);)*
            routes
        }
    };
    // Pairs within pairs: a tuple of poem-openapi has at most 16 members.
    (@pairs) => { () };
    (@pairs $first:path, $($rest:path,)*) => {
        (<$first as Feature>::api(), features!(@pairs $($rest,)*))
    };
}
// In the order of the navigation and of the OpenAPI document.
features![
    dashboard::Dashboard,
    summary::Summary,
    releases::Releases,
    tracks::Tracks,
    histories::Histories,
    artists::Artists,
    snapshots::Snapshots,
    calendar::Calendar,
    lists::Lists,
    captures::Captures,
    changes::Changes,
    on_this_day::OnThisDay,
    evolution::Evolution,
    gems::Gems,
    search::Search,
    library::Library,
    connection::Connection,
    access::Access,
    log::Log,
];

/// A feature's parts, for the root. All are optional.
pub trait Feature {
    /// The entry in the navigation.
    const NAVIGATION: Option<NavigationEntry> = None;

    /// The entry among the pages of the settings.
    const SETTINGS: Option<NavigationEntry> = None;

    /// The operations below `/api`.
    fn api() -> impl OpenApi {}

    /// Adds the routes of the pages.
    fn pages(routes: Pages) -> Pages {
        routes
    }
}

/// The routes of the pages and of their forms.
#[derive(Default)]
pub struct Pages {
    pub routes: Route,
    /// The paths of the routes, as in `/tracks/:track_id`.
    pub paths: Vec<String>,
}

impl Pages {
    pub fn at<E>(mut self, path: &str, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.paths.push(path.to_owned());
        Self {
            routes: self.routes.at(path, endpoint),
            paths: self.paths,
        }
    }
}
