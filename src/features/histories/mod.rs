//! Histories: one track over time, on a page with its ranks, its stays and its payload.

mod page;
mod query;

use super::{Feature, Pages};
use crate::http::kept_page;
use poem::{get, post};

pub struct Histories;

impl Feature for Histories {
    fn pages(routes: Pages) -> Pages {
        routes
            .at("/tracks/:track_id", kept_page(&[], get(page::show)))
            .at("/tracks/:track_id/delete", post(page::delete))
    }
}
