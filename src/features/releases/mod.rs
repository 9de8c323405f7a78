//! Releases: when the music in the library came out, and how much of it is explicit.

mod api;
pub mod page;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Releases;

impl Feature for Releases {
    fn api() -> impl OpenApi {
        api::ReleasesApi
    }
}
