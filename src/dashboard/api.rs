//! The summary as JSON.

use super::query::{self, Summary};
use crate::db::Database;
use crate::snapshots::lists::Lists;
use crate::web::json::{Answer, Json};
use crate::web::tag::Tag;
use poem::web::Data;
use poem_openapi::OpenApi;

pub struct DashboardApi;

#[OpenApi(tag = "Tag::Library")]
impl DashboardApi {
    /// What the library holds
    ///
    /// `snapshot_count` counts days: distinct snapshot dates, whatever the time range. The dates
    /// are left out while there are no lists.
    #[oai(path = "/summary", method = "get", operation_id = "get_summary")]
    async fn get_summary(&self, db: Data<&Database>, lists: Data<&Lists>) -> Answer<Summary> {
        Ok(Json(query::summary(&db, &lists).await?))
    }
}
