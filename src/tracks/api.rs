//! Tracks as JSON.

use super::body::TrackBody;
use super::query::{self, Filter, Track, TrackHistory, TrackPage};
use crate::clock::Clock;
use crate::db::Database;
use crate::store;
use crate::web::body::Body;
use crate::web::cursor::{self, Cursor};
use crate::web::json::{Answer, Done, Json};
use crate::web::tag::Tag;
use poem::Result;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Enum, OpenApi};

pub struct TracksApi;

/// What a payload says of explicit content.
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
    /// By name, then id, both in the order of Unicode code points; of a name the first 500 count.
    #[oai(path = "/tracks", method = "get", operation_id = "list_tracks")]
    async fn list_tracks(
        &self,
        db: Data<&Database>,
        /// The beginning of the name; case does not matter
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        /// Released in this year
        #[oai(validator(minimum(value = "1000"), maximum(value = "2999")))]
        release_year: Query<Option<i16>>,
        /// What the payload says: `unknown` asks for tracks whose payload says nothing
        explicit: Query<Option<Explicit>>,
        /// How many tracks
        #[oai(
            default = "cursor::limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the page before
        cursor: Query<Option<Cursor>>,
    ) -> Answer<TrackPage> {
        let filter = Filter {
            prefix: q.0.filter(|prefix| !prefix.is_empty()),
            release_year: release_year.0,
            explicit: explicit.0.map(|explicit| match explicit {
                Explicit::True => Some(true),
                Explicit::False => Some(false),
                Explicit::Unknown => None,
            }),
        };
        let after = cursor.0.map(Cursor::read).transpose()?;
        // A search puts several questions.
        let moment = db.moment().await?;
        let page = query::tracks(&moment, filter, after, limit.0.into()).await?;
        Ok(Json(page))
    }

    /// One track with its payload
    #[oai(path = "/tracks/:track_id", method = "get", operation_id = "get_track")]
    async fn get_track(
        &self,
        db: Data<&Database>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
    ) -> Answer<Track> {
        Ok(Json(query::track(&db.read(), &track_id).await?))
    }

    /// Put a track
    ///
    /// Writes the columns, and makes the track when it is not there. Its payload counts as seen
    /// now, and takes the place of the kept one by the rules of every way in: a placeholder never
    /// that of a good one, an older never that of a newer. Without `raw_json` the kept payload
    /// stays. Answers the track as it is kept now.
    #[oai(path = "/tracks/:track_id", method = "put", operation_id = "put_track")]
    async fn put_track(
        &self,
        db: Data<&Database>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
        track: Body<TrackBody>,
    ) -> Answer<Track> {
        store::put_track(&db, &Clock::utc(), &track_id, track.0).await?;
        Ok(Json(query::track(&db.read(), &track_id).await?))
    }

    /// Delete a track
    ///
    /// With every place that it had on a list.
    #[oai(
        path = "/tracks/:track_id",
        method = "delete",
        operation_id = "delete_track"
    )]
    async fn delete_track(
        &self,
        db: Data<&Database>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
    ) -> Result<Done> {
        store::delete_track(&db, &track_id).await?;
        Ok(Done::Done)
    }

    /// Where a track stood, on every list it was on
    ///
    /// By time range, then date, oldest first.
    #[oai(
        path = "/tracks/:track_id/history",
        method = "get",
        operation_id = "get_track_history"
    )]
    async fn get_track_history(
        &self,
        db: Data<&Database>,
        /// The provider's id
        #[oai(validator(min_length = 1, max_length = 64))]
        track_id: Path<String>,
    ) -> Answer<TrackHistory> {
        Ok(Json(query::history(&db.read(), &track_id).await?))
    }
}
