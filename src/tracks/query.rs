//! Pages of tracks, one track with its payload, and its history.

use super::search;
use crate::error::Result;
use crate::payload;
use crate::store::no_track;
use crate::web::cursor::{self, Cursor};
use crate::web::time_range::Range;
use chrono::{DateTime, NaiveDate, Utc};
use entity::{snapshot, track};
use poem_openapi::Object;
use poem_openapi::types::Any;
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// A track as lists show it. Members without a value are left out.
#[derive(Clone, Debug, Object, DerivePartialModel)]
#[sea_orm(entity = "track::Entity")]
#[oai(skip_serializing_if_is_none)]
pub struct TrackSummary {
    pub track_id: String,
    /// Empty when the provider has taken the track down.
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// Left out when the payload does not say.
    pub release_year: Option<i16>,
    /// Left out when the payload does not say.
    pub explicit: Option<bool>,
}

/// A track with the provider's whole object. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Track {
    pub track_id: String,
    /// Empty when the provider has taken the track down.
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// Left out when the payload does not say.
    pub release_year: Option<i16>,
    /// Left out when the payload does not say.
    pub explicit: Option<bool>,
    /// When the payload was seen at the provider; left out when nobody knows.
    pub payload_at: Option<DateTime<Utc>>,
    /// The provider's track object, equal as JSON to what came in.
    pub raw_json: Option<Any<serde_json::Value>>,
}

/// A page of tracks.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct TrackPage {
    pub items: Vec<TrackSummary>,
    /// Send it as `cursor` to get the next page; left out on the last one.
    pub next_cursor: Option<String>,
}

/// Every place a track had on a list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct TrackHistory {
    pub items: Vec<Standing>,
}

/// Where a track stood.
#[derive(Clone, Debug, Object)]
pub struct Standing {
    pub time_range: Range,
    pub snapshot_date: NaiveDate,
    /// 1 is the top.
    pub rank: i32,
}

/// Which tracks to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The beginning of the name, in any case.
    pub prefix: Option<String>,
    pub release_year: Option<i16>,
    /// `Some(None)` asks for tracks of which nothing is known.
    pub explicit: Option<Option<bool>>,
}

/// Where a page of tracks ended: the name and the id of its last.
pub type Place = (String, String);

/// Tracks by the first 500 characters of their names, then by id.
pub async fn tracks(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<TrackPage> {
    let mut items = match &filter.prefix {
        None => page(db, condition(&filter), ("", after.as_ref()), limit + 1).await?,
        Some(prefix) => {
            search::tracks(
                db,
                &payload::folded(prefix),
                condition(&filter),
                after.as_ref(),
                limit + 1,
            )
            .await?
        }
    };
    let next_cursor = cursor::end_page(&mut items, limit, |last| {
        Cursor::of(&(&last.name, &last.track_id))
    });
    Ok(TrackPage { items, next_cursor })
}

fn condition(filter: &Filter) -> Condition {
    let year = filter.release_year;
    Condition::all()
        .add_option(year.map(|year| track::Column::ReleaseYear.eq(year)))
        .add_option(filter.explicit.map(|explicit| match explicit {
            Some(explicit) => track::Column::Explicit.eq(explicit),
            None => track::Column::Explicit.is_null(),
        }))
}

/// The first tracks of which the condition is true, from a name on, and after a place.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    condition: Condition,
    (from, after): (&str, Option<&Place>),
    most: u64,
) -> Result<Vec<TrackSummary>> {
    // Both engines look for the greater bound only when there is no other, and SQLite sorts all
    // tracks for the first page when there is none.
    let from = match after {
        Some((name, _)) if name.as_str() > from => name,
        _ => from,
    };
    Ok(track::Entity::find()
        .filter(condition)
        .filter(sorted(name()).gte(sorted(Expr::val(from))))
        .filter(Condition::all().add_option(after.map(behind)))
        .order_by_asc(sorted(name()))
        .order_by_asc(track::Column::TrackId)
        .limit(most)
        .into_partial_model()
        .all(db)
        .await?)
}

fn behind((after, track_id): &Place) -> SimpleExpr {
    let id = Expr::col((track::Entity, track::Column::TrackId));
    let place = Expr::tuple([sorted(name()), id]);
    place.gt(Expr::tuple([sorted(Expr::val(after)), Expr::val(track_id)]))
}

fn name() -> SimpleExpr {
    Expr::col((track::Entity, track::Column::Name))
}

/// As much of a name as its order goes by: what the index knows of it.
fn sorted(name: SimpleExpr) -> SimpleExpr {
    Func::cust("substr")
        .arg(name)
        .arg(Expr::cust("1"))
        .arg(Expr::cust("500"))
        .into()
}

/// One track with its payload.
pub async fn track(db: &impl ConnectionTrait, track_id: &str) -> Result<Track> {
    let track = track::Entity::find_by_id(track_id)
        .one(db)
        .await?
        .ok_or_else(|| no_track(track_id))?;
    Ok(Track {
        track_id: track.track_id,
        name: track.name,
        artist_name: track.artist_name,
        album_name: track.album_name,
        duration_ms: track.duration_ms,
        spotify_url: track.spotify_url,
        release_year: track.release_year,
        explicit: track.explicit,
        payload_at: track.payload_at,
        raw_json: track
            .raw_json
            .and_then(|payload| serde_json::to_value(payload::canonical(payload)).ok())
            .map(Any),
    })
}

/// Every snapshot of a track, by time range and date.
pub async fn history(db: &impl ConnectionTrait, track_id: &str) -> Result<TrackHistory> {
    let items: Vec<_> = snapshot::Entity::find()
        .filter(snapshot::Column::TrackId.eq(track_id))
        .order_by_asc(snapshot::Column::TimeRange)
        .order_by_asc(snapshot::Column::SnapshotDate)
        .all(db)
        .await?
        .into_iter()
        .map(|snapshot| Standing {
            time_range: snapshot.time_range.into(),
            snapshot_date: snapshot.snapshot_date,
            rank: snapshot.rank,
        })
        .collect();
    if items.is_empty() && track::Entity::find_by_id(track_id).one(db).await?.is_none() {
        return Err(no_track(track_id));
    }
    Ok(TrackHistory { items })
}
