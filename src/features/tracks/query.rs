//! Pages of tracks, one track with its payload, and its history.

use crate::api::cursor::{self, Cursor};
use crate::db::bulk;
use crate::error::Result;
use crate::owner::View;
use crate::payload;
use crate::store::no_track;
use chrono::{DateTime, NaiveDate, Utc};
use entity::snapshot::TimeRange;
use entity::{snapshot, track};
use poem_openapi::Object;
use poem_openapi::types::Any;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, FromQueryResult,
    PartialModelTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::HashMap;

/// A track without its payload. Members without a value are left out.
#[derive(Clone, Debug, Object, DerivePartialModel)]
#[sea_orm(entity = "track::Entity")]
#[oai(skip_serializing_if_is_none)]
pub struct TrackSummary {
    pub track_id: String,
    /// Empty after a takedown by the provider.
    pub name: String,
    pub artist_name: String,
    /// Names the artist in `/api/artists/{artist_key}`: the provider's id of the first artist, else `name:` and the name.
    /// Left out if the name is empty.
    #[sea_orm(from_expr = "entity::payload::artist_key()")]
    pub artist_key: Option<String>,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// Left out if the payload has no valid year.
    pub release_year: Option<i16>,
    /// Left out if the payload has no valid flag.
    pub explicit: Option<bool>,
}

/// A track with the provider's whole object. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Track {
    #[oai(flatten)]
    pub summary: TrackSummary,
    /// When the payload was seen at the provider. Left out if unknown.
    pub payload_at: Option<DateTime<Utc>>,
    /// The provider's track object, equal as JSON to what came in.
    pub raw_json: Option<Any<serde_json::Value>>,
}

impl Track {
    /// Without what the public does not see.
    pub fn of_view(self, view: &View) -> Self {
        match view {
            View::Owner => self,
            View::Public => Self {
                raw_json: None,
                payload_at: None,
                ..self
            },
        }
    }

    /// The same as [`entity::payload::cover_url`].
    pub fn cover_url(&self) -> Option<&str> {
        let payload = &self.raw_json.as_ref()?.0;
        payload.pointer("/album/images/1/url")?.as_str()
    }
}

/// A page of tracks.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct TrackPage {
    pub items: Vec<TrackSummary>,
    /// Send it as `cursor` to get the next page. Left out on the last page.
    pub next_cursor: Option<String>,
}

/// The ranks of a track on all lists.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct TrackHistory {
    pub items: Vec<Placement>,
}

/// The rank of a track on one list.
#[derive(Clone, Debug, Object)]
pub struct Placement {
    pub time_range: TimeRange,
    pub snapshot_date: NaiveDate,
    /// 1 is the top.
    pub rank: i32,
}

/// Selects tracks.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The beginning of the name, in any case.
    pub prefix: Option<String>,
    pub release_year: Option<i16>,
    /// `Some(None)` selects tracks without a valid flag.
    pub explicit: Option<Option<bool>>,
}

/// The cursor of a page: the name and the id of its last track.
pub type Position = (String, String);

/// Names read at a time while a page is filled.
const NAMES: u64 = 5_000;

/// Tracks by the first 500 characters of their names, then by id.
pub async fn tracks(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<Position>,
    limit: u64,
) -> Result<TrackPage> {
    let mut items = match &filter.prefix {
        None => {
            let tracks = in_order(&filter, after.as_ref()).limit(limit + 1);
            tracks.into_partial_model().all(db).await?
        }
        Some(prefix) => {
            let ids = ids_by_prefix(db, &filter, prefix, after, limit + 1).await?;
            by_ids(db, ids).await?
        }
    };
    let next_cursor = cursor::next(&mut items, limit, |last: &TrackSummary| {
        Cursor::encode(&(&last.name, &last.track_id))
    });
    Ok(TrackPage { items, next_cursor })
}

/// Reads the names in order, and folds and compares them here. So the result does not depend on the engine, nor on
/// the program that wrote the row.
async fn ids_by_prefix(
    db: &impl ConnectionTrait,
    filter: &Filter,
    prefix: &str,
    mut after: Option<Position>,
    limit: u64,
) -> Result<Vec<String>> {
    let prefix = payload::folded(prefix);
    // The index has enough of each name, unless the prefix is very long.
    let text = match prefix.chars().count() <= SORTED {
        true => sort_key(name()),
        false => name(),
    };
    let mut ids = Vec::new();
    loop {
        let names: Vec<Position> = in_order(filter, after.as_ref())
            .select_only()
            .column_as(text.clone(), "text")
            .column(track::Column::TrackId)
            .limit(NAMES)
            .into_tuple()
            .all(db)
            .await?;
        let is_last = (names.len() as u64) < NAMES;
        after = names.last().cloned();
        let found = names
            .into_iter()
            .filter(|(name, _)| payload::folded(name).starts_with(&prefix));
        ids.extend(found.map(|(_, track_id)| track_id));
        if is_last || ids.len() as u64 >= limit {
            ids.truncate(limit as usize);
            return Ok(ids);
        }
    }
}

/// These tracks, in the order of the ids.
async fn by_ids(db: &impl ConnectionTrait, ids: Vec<String>) -> Result<Vec<TrackSummary>> {
    let column = (track::Entity, track::Column::TrackId);
    let among = bulk::is_among(db.get_database_backend(), column, ids.iter().cloned());
    let tracks: Vec<TrackSummary> = track::Entity::find()
        .filter(among)
        .into_partial_model()
        .all(db)
        .await?;
    let mut tracks: HashMap<_, _> = tracks
        .into_iter()
        .map(|track| (track.track_id.clone(), track))
        .collect();
    Ok(ids.iter().filter_map(|id| tracks.remove(id)).collect())
}

/// The tracks that the filter selects, without its prefix, after a position.
fn in_order(filter: &Filter, after: Option<&Position>) -> Select<track::Entity> {
    // SQLite uses the index for the order only if a condition names its first column. The lower bound repeats a part
    // of the row comparison, because the engines do not derive it.
    let from = after.map_or("", |(name, _)| name);
    let condition = Condition::all()
        .add(sort_key(name()).gte(sort_key(Expr::val(from))))
        .add_option(after.map(|(after, track_id)| {
            let id = Expr::col((track::Entity, track::Column::TrackId));
            let key = [sort_key(Expr::val(after)), Expr::val(track_id)];
            cursor::after(Order::Asc, [sort_key(name()), id], key)
        }))
        .add_option(
            filter
                .release_year
                .map(|year| track::Column::ReleaseYear.eq(year)),
        )
        .add_option(filter.explicit.map(|explicit| match explicit {
            Some(explicit) => track::Column::Explicit.eq(explicit),
            None => track::Column::Explicit.is_null(),
        }));
    track::Entity::find()
        .filter(condition)
        .order_by_asc(sort_key(name()))
        .order_by_asc(track::Column::TrackId)
}

fn name() -> SimpleExpr {
    Expr::col((track::Entity, track::Column::Name))
}

/// Characters of a name that are in the index.
const SORTED: usize = 500;

/// The part of a name that is in the index.
pub fn sort_key(name: SimpleExpr) -> SimpleExpr {
    Func::cust("substr")
        .arg(name)
        .arg(Expr::cust("1"))
        .arg(Expr::cust("500"))
        .into()
}

/// One track with its payload.
pub async fn track(db: &impl ConnectionTrait, track_id: &str) -> Result<Track> {
    let row = track::Entity::find_by_id(track_id).select_only();
    let row = TrackSummary::select_cols(row)
        .columns([track::Column::PayloadAt, track::Column::RawJson])
        .into_model::<TrackRow>()
        .one(db)
        .await?
        .ok_or_else(|| no_track(track_id))?;
    Ok(Track {
        summary: row.summary,
        payload_at: row.payload_at,
        raw_json: row
            .raw_json
            .and_then(|payload| serde_json::to_value(payload::canonical(payload)).ok())
            .map(Any),
    })
}

#[derive(FromQueryResult)]
struct TrackRow {
    #[sea_orm(nested)]
    summary: TrackSummary,
    payload_at: Option<DateTime<Utc>>,
    raw_json: Option<serde_json::Value>,
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
        .map(|snapshot| Placement {
            time_range: snapshot.time_range,
            snapshot_date: snapshot.snapshot_date,
            rank: snapshot.rank,
        })
        .collect();
    if items.is_empty() && track::Entity::find_by_id(track_id).one(db).await?.is_none() {
        return Err(no_track(track_id));
    }
    Ok(TrackHistory { items })
}
