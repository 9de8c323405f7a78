//! On this day: the lists of the same day in earlier years.

mod api;
mod example;
pub mod page;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct OnThisDay;

impl Feature for OnThisDay {
    fn api() -> impl OpenApi {
        api::OnThisDayApi
    }
}
