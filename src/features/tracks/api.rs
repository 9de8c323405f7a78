//! Tracks as JSON.

use super::body::TrackBody;
use super::query::{self, Filter, Track, TrackHistory, TrackPage};
use crate::api::body::Body;
use crate::api::cursor::{self, Cursor};
use crate::api::json::{Deleted, Found, Json, JsonResult, Lookup};
use crate::api::table::{Format, Tabular, TabularLookup, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use crate::owner::{Log, View};
use crate::store;
use entity::log_entry::Event;
use poem::Result;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Enum, OpenApi, Tags};

pub struct TracksApi;

#[derive(Tags)]
enum Tag {
    /// Tracks with their payloads
    Tracks,
}

/// The explicit flag of a payload.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
enum Explicit {
    True,
    False,
    Unknown,
}

#[OpenApi(tag = "Tag::Tracks")]
impl TracksApi {
    /// List tracks
    ///
    /// By name, then id, both in the order of Unicode code points. Of a name, the first 500 characters count.
    #[oai(
        path = "/tracks",
        method = "get",
        operation_id = "list_tracks",
        transform = "kept"
    )]
    async fn list_tracks(
        &self,
        db: Data<&Database>,
        /// The beginning of the name, in any case
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        /// Released in this year
        #[oai(validator(minimum(value = "1000"), maximum(value = "2999")))]
        release_year: Query<Option<i16>>,
        /// The flag in the payload; `unknown` selects tracks without a valid one
        explicit: Query<Option<Explicit>>,
        /// How many tracks
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the previous page
        cursor: Query<Option<Cursor>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<TrackPage> {
        let filter = Filter {
            prefix: q.0.filter(|prefix| !prefix.is_empty()),
            release_year: release_year.0,
            explicit: explicit.0.map(|explicit| match explicit {
                Explicit::True => Some(true),
                Explicit::False => Some(false),
                Explicit::Unknown => None,
            }),
        };
        let after = cursor.0.map(Cursor::decode).transpose()?;
        let db = db.read_transaction().await?;
        let page = query::tracks(&db, filter, after, limit.0.into()).await?;
        Ok(Tabular::new(page, format.0, None)?)
    }

    /// Get a track with its payload
    ///
    /// The public gets it without.
    #[oai(
        path = "/tracks/:track_id",
        method = "get",
        operation_id = "get_track",
        transform = "kept"
    )]
    async fn get_track(
        &self,
        db: Data<&Database>,
        view: Data<&View>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
    ) -> Lookup<Track> {
        let track = query::track(&db.read(), &track_id).await?;
        Ok(Found(track.of_view(*view)))
    }

    /// Put a track
    ///
    /// Writes the columns, and creates the track if it does not exist. The payload counts as seen now. It
    /// replaces the kept payload by the same rules as an import: a placeholder never replaces a good
    /// payload, an older one never a newer one. Without `raw_json` the kept payload stays. Answers
    /// the track as it is kept now.
    #[oai(path = "/tracks/:track_id", method = "put", operation_id = "put_track")]
    async fn put_track(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
        track: Body<TrackBody>,
    ) -> JsonResult<Track> {
        store::put_track(&db, &clock, &track_id, track.0).await?;
        Ok(Json(query::track(&db.read(), &track_id).await?))
    }

    /// Delete a track
    ///
    /// And remove it from all lists.
    #[oai(
        path = "/tracks/:track_id",
        method = "delete",
        operation_id = "delete_track"
    )]
    async fn delete_track(
        &self,
        db: Data<&Database>,
        log: Log,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
    ) -> Result<Deleted> {
        store::delete_track(&db, &track_id).await?;
        log.record(Event::TrackDeleted, &track_id).await;
        Ok(Deleted)
    }

    /// Get the ranks of a track on all lists
    ///
    /// By time range, then date, oldest first.
    #[oai(
        path = "/tracks/:track_id/history",
        method = "get",
        operation_id = "get_track_history",
        transform = "kept"
    )]
    async fn get_track_history(
        &self,
        db: Data<&Database>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularLookup<TrackHistory> {
        let history = query::history(&db.read(), &track_id).await?;
        Ok(Tabular::new(history, format.0, None)?.found())
    }
}
