//! Forgotten gems, recent discoveries and the current rotation as JSON and CSV.

use super::query::{self, ForgottenGems, LatestTracks, Scope};
use crate::api::cursor;
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct GemsApi;

#[derive(Tags)]
enum Tag {
    /// Tracks that went, came and stay
    Gems,
}

#[OpenApi(tag = "Tag::Gems")]
impl GemsApi {
    /// List the forgotten gems
    ///
    /// The tracks that were on a list of the range 90 to 365 days before `as_of`, both included, and are on none less
    /// than 90 days before it. Last seen latest first, then by best rank in that time, then by id.
    #[oai(
        path = "/forgotten-gems",
        method = "get",
        operation_id = "get_forgotten_gems",
        transform = "kept"
    )]
    async fn get_forgotten_gems(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The time range of the lists
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// Only lists up to this day count. By default the latest day up to today with a list of any range
        as_of: Query<Option<DateParameter>>,
        /// How many tracks
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<ForgottenGems> {
        let db = db.read_transaction().await?;
        let days = (as_of.0.map(|day| day.0), clock.today());
        let scope = Scope::of(&db, time_range.0, days, limit.0.into()).await?;
        let gems = query::forgotten_gems(&db, scope).await?;
        Ok(Tabular::new(gems, format.0, None)?)
    }

    /// List the recent discoveries
    ///
    /// The tracks of the latest list of the range up to `as_of` that were on no list of any range before its day. In
    /// order of rank.
    #[oai(
        path = "/recent-discoveries",
        method = "get",
        operation_id = "get_recent_discoveries",
        transform = "kept"
    )]
    async fn get_recent_discoveries(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The time range of the list
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// Only lists up to this day count. By default the latest day up to today with a list of any range
        as_of: Query<Option<DateParameter>>,
        /// How many tracks
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<LatestTracks> {
        let db = db.read_transaction().await?;
        let days = (as_of.0.map(|day| day.0), clock.today());
        let scope = Scope::of(&db, time_range.0, days, limit.0.into()).await?;
        let discoveries = query::recent_discoveries(&db, scope).await?;
        Ok(Tabular::new(discoveries, format.0, None)?)
    }

    /// List the current rotation
    ///
    /// The latest list of the range up to `as_of`, in order of rank.
    #[oai(
        path = "/current-rotation",
        method = "get",
        operation_id = "get_current_rotation",
        transform = "kept"
    )]
    async fn get_current_rotation(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The time range of the list
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// Only lists up to this day count. By default the latest day up to today with a list of any range
        as_of: Query<Option<DateParameter>>,
        /// How many tracks
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<LatestTracks> {
        let db = db.read_transaction().await?;
        let days = (as_of.0.map(|day| day.0), clock.today());
        let scope = Scope::of(&db, time_range.0, days, limit.0.into()).await?;
        let rotation = query::current_rotation(&db, scope).await?;
        Ok(Tabular::new(rotation, format.0, None)?)
    }
}

fn short_term() -> TimeRange {
    TimeRange::ShortTerm
}
