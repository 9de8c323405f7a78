//! The summary: how much the library holds, and from when to when.

mod api;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Summary;

impl Feature for Summary {
    fn api() -> impl OpenApi {
        api::SummaryApi
    }
}
