//! Ranked lists as JSON.

use super::query::{self, Filter, ListPage, SnapshotList};
use crate::db::Database;
use crate::web::cursor::{self, Cursor};
use crate::web::day::Day;
use crate::web::json::{Answer, Json};
use crate::web::tag::Tag;
use crate::web::time_range::Range;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

pub struct SnapshotsApi;

#[OpenApi(tag = "Tag::Snapshots")]
impl SnapshotsApi {
    /// List the ranked lists there are
    ///
    /// Newest day first; of one day the short range first.
    #[oai(path = "/snapshots", method = "get", operation_id = "list_snapshots")]
    async fn list_snapshots(
        &self,
        db: Data<&Database>,
        /// Only lists of this time range
        time_range: Query<Option<Range>>,
        /// The first day
        from: Query<Option<Day>>,
        /// The last day
        to: Query<Option<Day>>,
        /// How many lists
        #[oai(
            default = "cursor::limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the page before
        cursor: Query<Option<Cursor>>,
    ) -> Answer<ListPage> {
        let filter = Filter {
            time_range: time_range.0.map(Into::into),
            from: from.0.map(|day| day.0),
            to: to.0.map(|day| day.0),
        };
        let after = cursor.0.map(Cursor::read).transpose()?;
        let page = query::lists(&db.read, filter, after, limit.0.into()).await?;
        Ok(Json(page))
    }

    /// One whole ranked list
    ///
    /// In rank order, however long it is.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range",
        method = "get",
        operation_id = "get_snapshot_list"
    )]
    async fn get_snapshot_list(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<Day>,
        /// Its time range
        time_range: Path<Range>,
    ) -> Answer<SnapshotList> {
        let list = query::list(&db.read, snapshot_date.0.0, time_range.0.into()).await?;
        Ok(Json(list))
    }
}
