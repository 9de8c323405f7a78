//! Tracks: listing them, one with its payload, and its history on the lists.

mod api;
mod body;
mod example;
pub mod page;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Tracks;

impl Feature for Tracks {
    fn api() -> impl OpenApi {
        api::TracksApi
    }
}
