//! The ledger as JSON.

use super::query::{self, CapturePage};
use crate::api::cursor::{self, Cursor};
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::db::Database;
use crate::features::snapshots::query::Filter;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct CapturesApi;

#[derive(Tags)]
enum Tag {
    /// The ledger of all attempts to take a list
    Captures,
}

#[OpenApi(tag = "Tag::Captures")]
impl CapturesApi {
    /// List the attempts to take a ranked list
    ///
    /// Newest day first; of one day the short range first, of one list the last attempt first.
    #[oai(
        path = "/captures",
        method = "get",
        operation_id = "list_captures",
        transform = "kept"
    )]
    async fn list_captures(
        &self,
        db: Data<&Database>,
        /// Only lists of this time range
        time_range: Query<Option<TimeRange>>,
        /// The first day
        from: Query<Option<DateParameter>>,
        /// The last day
        to: Query<Option<DateParameter>>,
        /// How many attempts
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the previous page
        cursor: Query<Option<Cursor>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<CapturePage> {
        let filter = Filter::of(time_range.0, from.0, to.0);
        let after = cursor.0.map(Cursor::decode).transpose()?;
        let page = query::captures(&db.read(), filter, after, limit.0.into()).await?;
        Ok(Tabular::new(page, format.0, None)?)
    }
}
