//! Tracks from lists, imports and clients. A payload is written when it supersedes the kept one.

mod row;

use super::CHUNK;
use crate::clock::Clock;
use crate::db::{self, Database, bulk};
use crate::error::{Error, Result};
use crate::payload::Track;
use entity::track;
use row::{Existing, insert, kept, set_payload_at};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The change of a track's row. `Unchanged` includes one of `payload_at` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    Updated,
    Unchanged,
}

/// Adds a track to others, by id. Of two with the same id the one that supersedes the other stays.
pub fn add_track(tracks: &mut BTreeMap<String, Track>, track: Track) {
    match tracks.entry(track.track_id.clone()) {
        Entry::Vacant(entry) => drop(entry.insert(track)),
        Entry::Occupied(mut entry) => {
            if track.supersedes(entry.get()) {
                entry.insert(track);
            }
        }
    }
}

/// Writes the tracks that are new, or whose payload supersedes the kept one.
pub async fn keep_tracks(
    work: &DatabaseTransaction,
    tracks: &BTreeMap<String, Track>,
) -> Result<HashMap<String, Change>> {
    let superseding = |track: &Track, kept: &Track| {
        (track != kept && track.supersedes(kept)).then(|| track.clone())
    };
    db::lock_tracks_shared(work).await?;
    let mut changes = HashMap::with_capacity(tracks.len());
    let mut tracks = tracks.values().peekable();
    while tracks.peek().is_some() {
        let chunk = tracks.by_ref().take(CHUNK).collect();
        changes.extend(write(work, chunk, superseding).await?);
    }
    Ok(changes)
}

/// Writes a track's columns. Its payload counts as seen now; if there is none, or if it does not
/// supersede the kept one, the kept payload stays.
pub async fn put_track(
    database: &Database,
    clock: &Clock,
    track_id: &str,
    track: Track,
) -> Result<()> {
    let track = Track {
        track_id: track_id.into(),
        payload_at: track.payload.is_some().then(|| clock.now()),
        ..track
    };
    let merged = |track: &Track, kept: &Track| {
        let mut row = track.clone();
        if !track.supersedes(kept) {
            row.payload.clone_from(&kept.payload);
            row.payload_at = kept.payload_at;
        }
        (row != *kept).then_some(row)
    };
    db::retried(|| async {
        let work = database.begin().await?;
        write(&work, vec![&track], merged).await?;
        Ok(work.commit().await?)
    })
    .await
}

/// Writes tracks, which are sorted by id. `merge` returns the row to write where one is kept, or
/// `None` to leave that alone.
async fn write(
    work: &DatabaseTransaction,
    mut tracks: Vec<&Track>,
    merge: impl Fn(&Track, &Track) -> Option<Track>,
) -> Result<HashMap<String, Change>> {
    let mut changes = HashMap::with_capacity(tracks.len());
    // Most tracks of a list are unchanged, so the first round reads without locks. All writers
    // insert new rows before they lock existing ones, so that they do not deadlock.
    let mut lock = false;
    // A row that another writer inserts after the read is merged in the next round.
    while !tracks.is_empty() {
        let mut kept = kept(work, &tracks, lock).await?;
        let (mut new, mut existing) = (Vec::new(), Vec::new());
        let (mut seen_again, mut updated) = (Vec::new(), Vec::new());
        for track in tracks {
            let Some(kept) = kept.remove(&track.track_id) else {
                new.push(track);
                continue;
            };
            let Some(row) = merge(track, &kept) else {
                changes.insert(track.track_id.clone(), Change::Unchanged);
                continue;
            };
            if !lock {
                existing.push(track);
                continue;
            }
            let payload_at = row.payload_at;
            if row == (Track { payload_at, ..kept }) {
                changes.insert(track.track_id.clone(), Change::Unchanged);
                seen_again.push(row);
            } else {
                changes.insert(track.track_id.clone(), Change::Updated);
                updated.push(row);
            }
        }
        let inserted = insert(work, new.iter().copied(), Existing::Skip).await?;
        set_payload_at(work, seen_again.iter()).await?;
        insert(work, updated.iter(), Existing::Overwrite).await?;
        new.retain(|track| !inserted.contains(&track.track_id));
        changes.extend(inserted.into_iter().map(|id| (id, Change::New)));
        tracks = [new, existing].concat();
        tracks.sort_by_key(|track| &track.track_id);
        lock = true;
    }
    Ok(changes)
}

/// The ids among these that the library has.
pub async fn known(
    db: &impl ConnectionTrait,
    track_ids: impl Iterator<Item = &String>,
) -> Result<HashSet<String>> {
    let column = track::Column::TrackId;
    let among = bulk::is_among(db.get_database_backend(), column, track_ids.cloned());
    let known: Vec<String> = track::Entity::find()
        .select_only()
        .column(column)
        .filter(among)
        .into_tuple()
        .all(db)
        .await?;
    Ok(known.into_iter().collect())
}

/// Deletes a track and its rank on every list.
pub async fn delete_track(database: &Database, track_id: &str) -> Result<()> {
    let deleted = db::retried(|| async {
        let work = database.begin().await?;
        db::lock_tracks_exclusive(&work).await?;
        let deleted = track::Entity::delete_by_id(track_id).exec(&work).await?;
        work.commit().await?;
        Ok(deleted)
    })
    .await?;
    match deleted.rows_affected {
        0 => Err(no_track(track_id)),
        _ => Ok(()),
    }
}

pub fn no_track(track_id: &str) -> Error {
    Error::NotFound(format!("there is no track {track_id} in the library"))
}
