//! Rows of tracks: reading, inserting and updating many in one statement.

use crate::db::bulk::{self, Field};
use crate::error::Result;
use crate::payload::{self, Payload, Track};
use entity::track::{self, Column, Entity};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// In the canonical form, in which tracks are compared.
impl From<track::Model> for Track {
    fn from(row: track::Model) -> Self {
        let raw_json = row.raw_json.map(payload::canonical);
        Self {
            track_id: row.track_id,
            name: row.name,
            artist_name: row.artist_name,
            album_name: row.album_name,
            duration_ms: row.duration_ms,
            spotify_url: row.spotify_url,
            payload_at: row.payload_at,
            payload: raw_json.as_ref().map(Payload::from),
        }
    }
}

fn fields(track: &Track) -> [(Column, Field<'_>); 8] {
    [
        (Column::TrackId, Field::Text(Some(&track.track_id))),
        (Column::Name, Field::Text(Some(&track.name))),
        (Column::ArtistName, Field::Text(Some(&track.artist_name))),
        (Column::AlbumName, Field::Text(track.album_name.as_deref())),
        (Column::DurationMs, Field::Integer(track.duration_ms)),
        (
            Column::SpotifyUrl,
            Field::Text(track.spotify_url.as_deref()),
        ),
        (Column::PayloadAt, Field::Instant(track.payload_at)),
        (Column::RawJson, Field::Json(track.text())),
    ]
}

/// The kept rows of these tracks, by id. They are locked in the order of their ids.
pub async fn kept(
    work: &DatabaseTransaction,
    tracks: &[&Track],
    lock: bool,
) -> Result<HashMap<String, Track>> {
    let ids = tracks.iter().map(|track| track.track_id.clone());
    let mut question = Entity::find()
        .filter(bulk::is_among(
            work.get_database_backend(),
            Column::TrackId,
            ids,
        ))
        .order_by_asc(Column::TrackId);
    if lock {
        question = question.lock(LockType::NoKeyUpdate);
    }
    let rows = question.all(work).await?.into_iter();
    Ok(rows.map(|row| (row.track_id.clone(), row.into())).collect())
}

/// How an insert treats a row that exists.
pub enum Existing {
    Skip,
    Overwrite,
}

/// Returns the ids of the rows that were written.
pub async fn insert(
    work: &DatabaseTransaction,
    tracks: impl Iterator<Item = &Track>,
    existing: Existing,
) -> Result<HashSet<String>> {
    let rows: Vec<_> = tracks.map(fields).collect();
    let Some(columns) = rows.first().map(|row| row.map(|(column, _)| column)) else {
        return Ok(HashSet::new());
    };
    let mut on_conflict = OnConflict::column(Column::TrackId);
    match existing {
        Existing::Skip => on_conflict.do_nothing(),
        Existing::Overwrite => on_conflict.update_columns(columns.into_iter().skip(1)),
    };
    let mut insert = bulk::insert(work.get_database_backend(), Entity, &rows);
    insert
        .on_conflict(on_conflict)
        .returning_col(Column::TrackId);
    let written = work.query_all(&insert).await?;
    let track_id = |row: &QueryResult| row.try_get_by_index(0);
    Ok(written.iter().map(track_id).collect::<Result<_, _>>()?)
}

/// Writes `payload_at` alone, in one statement for each time. The rows are locked already, so their
/// order does not matter.
pub async fn set_payload_at(
    work: &DatabaseTransaction,
    tracks: impl Iterator<Item = &Track>,
) -> Result<()> {
    let mut ids = BTreeMap::<_, Vec<_>>::new();
    for track in tracks {
        let ids = ids.entry(track.payload_at).or_default();
        ids.push(track.track_id.clone());
    }
    for (payload_at, ids) in ids {
        let ids = bulk::is_among(
            work.get_database_backend(),
            Column::TrackId,
            ids.into_iter(),
        );
        Entity::update_many()
            .col_expr(Column::PayloadAt, Expr::val(payload_at))
            .filter(ids)
            .exec(work)
            .await?;
    }
    Ok(())
}
