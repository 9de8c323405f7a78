//! Ranked lists as JSON.

use super::body::{ListBody, RankBody};
use super::query::{self, Filter, ListPage, Snapshot, SnapshotList};
use crate::api::body::Body;
use crate::api::cursor::{self, Cursor};
use crate::api::day::DateParameter;
use crate::api::json::{Deleted, Found, Json, JsonResult, Lookup};
use crate::api::problem::invalid;
use crate::api::table::{Format, Tabular, TabularLookup, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use crate::owner::Log;
use crate::store::{self, Incoming, ListChange};
use entity::log_entry::Event;
use entity::snapshot::TimeRange;
use poem::Result;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{OpenApi, Tags};

pub struct SnapshotsApi;

#[derive(Tags)]
enum Tag {
    /// Ranked lists by day and time range
    Snapshots,
}

#[OpenApi(tag = "Tag::Snapshots")]
impl SnapshotsApi {
    /// List the kept lists
    ///
    /// Newest day first; of one day the short range first.
    #[oai(
        path = "/snapshots",
        method = "get",
        operation_id = "list_snapshots",
        transform = "kept"
    )]
    async fn list_snapshots(
        &self,
        db: Data<&Database>,
        /// Only lists of this time range
        time_range: Query<Option<TimeRange>>,
        /// The first day
        from: Query<Option<DateParameter>>,
        /// The last day
        to: Query<Option<DateParameter>>,
        /// How many lists
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the previous page
        cursor: Query<Option<Cursor>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<ListPage> {
        let filter = Filter::of(time_range.0, from.0, to.0);
        let after = cursor.0.map(Cursor::decode).transpose()?;
        let page = query::lists(&db.read(), filter, after, limit.0.into()).await?;
        Ok(Tabular::new(page, format.0, None)?)
    }

    /// Get one whole ranked list
    ///
    /// In rank order, however long it is.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range",
        method = "get",
        operation_id = "get_snapshot_list",
        transform = "kept"
    )]
    async fn get_snapshot_list(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<DateParameter>,
        /// Its time range
        time_range: Path<TimeRange>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularLookup<SnapshotList> {
        let list = query::list(&db.read(), snapshot_date.0.0, time_range.0).await?;
        Ok(Tabular::new(list, format.0, None)?.found())
    }

    /// Put one whole ranked list
    ///
    /// In one transaction: a track that is not in the body leaves the list. Ranks are positions; a
    /// track that is listed twice keeps its best rank. One invalid item refuses the whole list, and `field`
    /// names it (`items[3].id`). The payloads count as seen on that day. The same list again
    /// changes nothing, and an empty list replaces nothing. The ledger records every attempt whose
    /// body could be read. A body may have 16 MiB.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range",
        method = "put",
        operation_id = "put_snapshot_list"
    )]
    async fn put_snapshot_list(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The day of the list
        snapshot_date: Path<DateParameter>,
        /// Its time range
        time_range: Path<TimeRange>,
        list: Body<ListBody>,
    ) -> JsonResult<ListChange> {
        let incoming = Incoming::put((snapshot_date.0.0, time_range.0), clock.now());
        match list.0 {
            Ok(items) => Ok(Json(store::keep_list(&db, &incoming, items).await?.0)),
            Err(refusal) => {
                store::list_failed(&db, &incoming, refusal.to_string()).await?;
                Err(invalid(refusal).into())
            }
        }
    }

    /// Delete one whole ranked list
    ///
    /// Its tracks stay.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range",
        method = "delete",
        operation_id = "delete_snapshot_list"
    )]
    async fn delete_snapshot_list(
        &self,
        db: Data<&Database>,
        log: Log,
        /// The day of the list
        snapshot_date: Path<DateParameter>,
        /// Its time range
        time_range: Path<TimeRange>,
    ) -> Result<Deleted> {
        let (day, range) = (snapshot_date.0.0, time_range.0);
        store::delete_list(&db, day, range).await?;
        log.record(Event::ListDeleted, &format!("{day} {}", range.word()))
            .await;
        Ok(Deleted)
    }

    /// Put one track at a rank of a list
    ///
    /// The track must exist, the list need not. No other track moves, so two tracks may have one rank.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range/:track_id",
        method = "put",
        operation_id = "put_snapshot"
    )]
    async fn put_snapshot(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<DateParameter>,
        /// Its time range
        time_range: Path<TimeRange>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
        rank: Body<RankBody>,
    ) -> Lookup<Snapshot> {
        let (date, range, rank) = (snapshot_date.0.0, time_range.0, rank.0);
        store::put_snapshot(&db, &track_id, (date, range), rank).await?;
        Ok(Found(Snapshot {
            track_id: track_id.0,
            snapshot_date: date,
            time_range: range,
            rank,
        }))
    }
}
