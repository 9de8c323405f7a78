//! The calendar: the state of each day of a range.

mod api;
pub mod page;
pub mod query;
mod states;
pub mod year;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Calendar;

impl Feature for Calendar {
    fn api() -> impl OpenApi {
        api::CalendarApi
    }
}
