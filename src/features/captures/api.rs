//! The ledger as JSON.

use super::query::{self, Capture, CapturePage, CaptureResult};
use crate::api::cursor::{self, Cursor};
use crate::api::day::DateParameter;
use crate::api::json::Possible;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::capture::Capturer;
use crate::clock::Clock;
use crate::db::Database;
use crate::features::snapshots::query::Filter;
use crate::http::kept;
use crate::owner::View;
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
        view: Data<&View>,
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
        Ok(Tabular::new(page.of_view(*view), format.0, None)?)
    }

    /// Take today's three lists from Spotify now
    ///
    /// One try each, and 30 s in all; the day is fixed at the start. Answers their rows of the ledger, also those of lists
    /// that failed. 409 if not connected, or while another capture runs. 503 with `Retry-After` while Spotify's pause
    /// lasts.
    #[oai(path = "/captures", method = "post", operation_id = "create_capture")]
    async fn create_capture(
        &self,
        clock: Data<&Clock>,
        capturer: Data<&Capturer>,
    ) -> poem::Result<Possible<CaptureResult>> {
        let rows = capturer.take_now().await;
        let rows = rows.map_err(|unable| unable.into_error(clock.now()))?;
        let items = rows.into_iter().map(Capture::from).collect();
        Ok(Possible(CaptureResult { items }))
    }
}
