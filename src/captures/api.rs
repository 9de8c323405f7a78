//! The ledger as JSON.

use super::query::{self, CapturePage};
use crate::db::Database;
use crate::snapshots::query::Filter;
use crate::web::cursor::{self, Cursor};
use crate::web::day::Day;
use crate::web::json::{Answer, Json};
use crate::web::tag::Tag;
use crate::web::time_range::Range;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

pub struct CapturesApi;

#[OpenApi(tag = "Tag::Captures")]
impl CapturesApi {
    /// List the attempts to take a ranked list
    ///
    /// Newest day first; of one day the short range first, of one list the last attempt first.
    #[oai(path = "/captures", method = "get", operation_id = "list_captures")]
    async fn list_captures(
        &self,
        db: Data<&Database>,
        /// Only lists of this time range
        time_range: Query<Option<Range>>,
        /// The first day
        from: Query<Option<Day>>,
        /// The last day
        to: Query<Option<Day>>,
        /// How many attempts
        #[oai(
            default = "cursor::limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the page before
        cursor: Query<Option<Cursor>>,
    ) -> Answer<CapturePage> {
        let filter = Filter::of(time_range.0, from.0, to.0);
        let after = cursor.0.map(Cursor::read).transpose()?;
        let page = query::captures(&db.read(), filter, after, limit.0.into()).await?;
        Ok(Json(page))
    }
}
