//! Snapshots: the ranked lists, the movement of tracks between two of them, and the calendar of days.

mod api;
mod body;
pub mod calendar;
pub mod comparison;
mod example;
pub mod page;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;

pub struct Snapshots;

impl Feature for Snapshots {
    fn api() -> impl OpenApi {
        api::SnapshotsApi
    }
}
