//! The summary as JSON.

use super::query::{self, Summary};
use crate::api::json::{Json, JsonResult};
use crate::db::Database;
use crate::features::releases::query as releases;
use crate::features::snapshots::query as snapshots;
use crate::http::kept;
use poem::web::Data;
use poem_openapi::{OpenApi, Tags};

pub struct SummaryApi;

#[derive(Tags)]
enum Tag {
    /// How much is kept
    Library,
}

#[OpenApi(tag = "Tag::Library")]
impl SummaryApi {
    /// Get the size of the library
    ///
    /// `snapshot_count` counts days: distinct snapshot dates, whatever the time range. The dates
    /// are left out while there are no lists.
    #[oai(
        path = "/summary",
        method = "get",
        operation_id = "get_summary",
        transform = "kept"
    )]
    async fn get_summary(&self, db: Data<&Database>) -> JsonResult<Summary> {
        let db = db.read_transaction().await?;
        let releases = releases::releases(&db).await?;
        let days = snapshots::days(&db).await?;
        Ok(Json(query::summary(&releases, &days)))
    }
}
