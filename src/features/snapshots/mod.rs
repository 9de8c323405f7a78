//! Snapshots: the ranked lists.

mod api;
mod body;
pub mod days;
mod example;
pub mod kept_days;
pub mod nearest;
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
