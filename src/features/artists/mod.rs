//! Artists: the first artist of each track, with all their tracks and how these stand on the lists.
//!
//! [`identity`] says which tracks are an artist's, [`query`] answers what the lists know of them, and [`presence`] adds
//! what the page draws.

mod albums;
mod api;
mod example;
mod identity;
mod page;
mod presence;
mod query;

use super::{Feature, Pages};
use crate::http::kept_page;
use poem::get;
use poem_openapi::OpenApi;

pub struct Artists;

impl Feature for Artists {
    fn api() -> impl OpenApi {
        api::ArtistsApi
    }

    fn pages(routes: Pages) -> Pages {
        routes.at(
            "/artists/:artist_key",
            kept_page(&["time_range"], get(page::show)),
        )
    }
}
