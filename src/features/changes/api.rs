//! The changes between two lists as JSON and CSV.

use super::groups::ListChanges;
use super::query::compared_list;
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularLookup};
use crate::db::Database;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{OpenApi, Tags};

pub struct ChangesApi;

#[derive(Tags)]
enum Tag {
    /// What moved, came and went between two lists
    Changes,
}

#[OpenApi(tag = "Tag::Changes")]
impl ChangesApi {
    /// Get what changed since an earlier list
    ///
    /// The tracks of the list in groups, each in rank order: new, back, climbed, fell and held add up to the list. The
    /// tracks that left are in the order of the earlier list. The first list of a range has no `since`, and its groups
    /// are empty.
    #[oai(
        path = "/snapshots/:snapshot_date/:time_range/changes",
        method = "get",
        operation_id = "get_list_changes",
        transform = "kept"
    )]
    async fn get_list_changes(
        &self,
        db: Data<&Database>,
        /// The day of the list
        snapshot_date: Path<DateParameter>,
        /// Its time range
        time_range: Path<TimeRange>,
        /// The day of an earlier list of this range. By default the list before
        since: Query<Option<DateParameter>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
        /// The member that is the table: `new`, `back`, `climbed`, `fell`, `held` or `left`
        table: Query<Option<String>>,
    ) -> TabularLookup<ListChanges> {
        let db = db.read_transaction().await?;
        let list = (snapshot_date.0.0, time_range.0);
        let list = compared_list(&db, list, since.0.map(|day| day.0)).await?;
        Ok(Tabular::new(ListChanges::of(list), format.0, table.0.as_deref())?.found())
    }
}
