//! Ranked lists as JSON.

use super::body::{ListBody, RankBody};
use super::query::{self, Filter, ListPage, Snapshot, SnapshotList};
use crate::clock::Clock;
use crate::db::Database;
use crate::store::{self, ListChange};
use crate::web::body::{self, Body};
use crate::web::cursor::{self, Cursor};
use crate::web::day::Day;
use crate::web::json::{Answer, Done, Json};
use crate::web::tag::Tag;
use crate::web::time_range::Range;
use poem::Result;
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
        let filter = Filter::of(time_range.0, from.0, to.0);
        let after = cursor.0.map(Cursor::read).transpose()?;
        let page = query::lists(&db.read(), filter, after, limit.0.into()).await?;
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
        let list = query::list(&db.read(), snapshot_date.0.0, time_range.0.into()).await?;
        Ok(Json(list))
    }

    /// Put one whole ranked list
    ///
    /// In one transaction: a track that is not in the body leaves the list. Ranks are positions; a
    /// track that is listed twice keeps its best. One bad item refuses the whole list, and `field`
    /// names it (`items[3].id`). The payloads count as seen on that day. The same list again
    /// changes nothing, and an empty one replaces nothing. The ledger has every attempt whose
    /// body could be read.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range",
        method = "put",
        operation_id = "put_snapshot_list"
    )]
    async fn put_snapshot_list(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<Day>,
        /// Its time range
        time_range: Path<Range>,
        list: Body<ListBody>,
    ) -> Answer<ListChange> {
        let place = (snapshot_date.0.0, time_range.0.into());
        match list.0 {
            Ok(items) => Ok(Json(
                store::put_list(&db, &Clock::utc(), place, items).await?,
            )),
            Err(refusal) => {
                store::refuse_list(&db, &Clock::utc(), place, &refusal).await?;
                Err(body::invalid(refusal).into())
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
        /// The day of the list
        snapshot_date: Path<Day>,
        /// Its time range
        time_range: Path<Range>,
    ) -> Result<Done> {
        store::delete_list(&db, snapshot_date.0.0, time_range.0.into()).await?;
        Ok(Done::Done)
    }

    /// Put one track at a rank of a list
    ///
    /// The track must be there, the list need not. No other track moves, so two may share a rank.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range/:track_id",
        method = "put",
        operation_id = "put_snapshot"
    )]
    async fn put_snapshot(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<Day>,
        /// Its time range
        time_range: Path<Range>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
        rank: Body<RankBody>,
    ) -> Answer<Snapshot> {
        let (date, range, rank) = (snapshot_date.0.0, time_range.0, rank.0);
        store::put_snapshot(&db, &track_id, (date, range.into()), rank).await?;
        Ok(Json(Snapshot {
            track_id: track_id.0,
            snapshot_date: date,
            time_range: range,
            rank,
        }))
    }
}
