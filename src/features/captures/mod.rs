//! Captures: the ledger of all attempts to take a ranked list.

mod api;
pub mod ledger;
pub mod page;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Captures;

impl Feature for Captures {
    fn api() -> impl OpenApi {
        api::CapturesApi
    }
}
