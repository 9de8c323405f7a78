//! Tracks: a payload is kept when it beats the one in the library.

use super::CHUNK;
use crate::db;
use crate::error::Result;
use crate::payload::{self, Payload, Seen, Track};
use chrono::{DateTime, Utc};
use entity::track;
use sea_orm::sea_query::{LockType, OnConflict, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A track with the moment its payload was seen at the provider, when that is known.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub track: Track,
    pub seen_at: Option<DateTime<Utc>>,
}

impl Sighting {
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            payload: Some(&self.track.payload),
            at: self.seen_at,
        }
    }
}

/// What became of a track that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    New,
    Updated,
    Unchanged,
}

/// Offers tracks by id; each is kept when its payload beats the one in the library.
pub async fn keep_tracks(
    work: &DatabaseTransaction,
    sightings: BTreeMap<String, Sighting>,
) -> Result<HashMap<String, Kept>> {
    let mut outcome = HashMap::with_capacity(sightings.len());
    let mut waiting: Vec<Sighting> = sightings.into_values().collect();
    while !waiting.is_empty() {
        let rest = waiting.split_off(waiting.len().min(CHUNK));
        keep_chunk(work, waiting, &mut outcome).await?;
        waiting = rest;
    }
    Ok(outcome)
}

async fn keep_chunk(
    work: &DatabaseTransaction,
    mut sightings: Vec<Sighting>,
    outcome: &mut HashMap<String, Kept>,
) -> Result<()> {
    // Another writer may insert the same track between our question and our answer: ask again.
    while !sightings.is_empty() {
        let mut kept = kept_tracks(work, &sightings).await?;
        let mut new = Vec::new();
        let mut better = Vec::new();
        for sighting in sightings {
            let Some(known) = kept.remove(&sighting.track.track_id) else {
                new.push(sighting);
                continue;
            };
            let (change, is_written) = compare(&sighting, known);
            outcome.insert(sighting.track.track_id.clone(), change);
            if is_written {
                better.push(sighting);
            }
        }
        write(work, &better, overwrite()).await?;
        let inserted = write(work, &new, leave()).await?;
        new.retain(|new| !inserted.contains(&new.track.track_id));
        outcome.extend(inserted.into_iter().map(|track_id| (track_id, Kept::New)));
        sightings = new;
    }
    Ok(())
}

async fn kept_tracks(
    work: &DatabaseTransaction,
    sightings: &[Sighting],
) -> Result<HashMap<String, track::Model>> {
    let ids = sightings.iter().map(|sighting| &sighting.track.track_id);
    let kept = track::Entity::find()
        .filter(track::Column::TrackId.is_in(ids))
        .order_by_asc(track::Column::TrackId)
        .lock(LockType::NoKeyUpdate)
        .all(work)
        .await?;
    Ok(kept
        .into_iter()
        .map(|model| (model.track_id.clone(), model))
        .collect())
}

/// What the sighting means for the kept track, and whether its row is to be written.
fn compare(sighting: &Sighting, kept: track::Model) -> (Kept, bool) {
    let raw_json = kept.raw_json.map(payload::settled);
    let payload = raw_json.as_ref().map(Payload::from);
    let theirs = Seen {
        payload: payload.as_ref(),
        at: kept.payload_at,
    };
    if !sighting.seen().beats(theirs) {
        return (Kept::Unchanged, false);
    }
    let track = &sighting.track;
    let same = payload.as_ref() == Some(&track.payload)
        && track.name == kept.name
        && track.artist_name == kept.artist_name
        && track.album_name == kept.album_name
        && track.duration_ms == kept.duration_ms
        && track.spotify_url == kept.spotify_url;
    match same {
        true => (Kept::Unchanged, sighting.seen_at != kept.payload_at),
        false => (Kept::Updated, true),
    }
}

const COLUMNS: [track::Column; 9] = [
    track::Column::TrackId,
    track::Column::Name,
    track::Column::ArtistName,
    track::Column::AlbumName,
    track::Column::DurationMs,
    track::Column::SpotifyUrl,
    track::Column::PayloadAt,
    track::Column::NameFolded,
    track::Column::RawJson,
];

/// Leaves alone what another writer has inserted meanwhile.
fn leave() -> OnConflict {
    OnConflict::column(track::Column::TrackId)
        .do_nothing()
        .to_owned()
}

fn overwrite() -> OnConflict {
    OnConflict::column(track::Column::TrackId)
        .update_columns(COLUMNS.into_iter().skip(1))
        .to_owned()
}

/// Says which rows were written.
async fn write(
    work: &DatabaseTransaction,
    sightings: &[Sighting],
    on_conflict: OnConflict,
) -> Result<HashSet<String>> {
    if sightings.is_empty() {
        return Ok(HashSet::new());
    }
    let engine = work.get_database_backend();
    let mut insert = Query::insert();
    insert.into_table(track::Entity).columns(COLUMNS);
    for sighting in sightings {
        insert.values_panic(row(sighting, engine));
    }
    insert
        .on_conflict(on_conflict)
        .returning_col(track::Column::TrackId);
    let written = work.query_all(&insert).await?;
    let track_id = |row: &QueryResult| row.try_get_by_index(0);
    Ok(written.iter().map(track_id).collect::<Result<_, _>>()?)
}

/// In the order of [`COLUMNS`].
fn row(sighting: &Sighting, engine: DbBackend) -> [SimpleExpr; 9] {
    let track = &sighting.track;
    [
        track.track_id.clone().into(),
        track.name.clone().into(),
        track.artist_name.clone().into(),
        track.album_name.clone().into(),
        track.duration_ms.into(),
        track.spotify_url.clone().into(),
        sighting.seen_at.into(),
        payload::fold(&track.name).into(),
        db::json(engine, &track.payload.text),
    ]
}
