//! Tracks: a payload is kept when it beats the one in the library.

mod row;

use super::CHUNK;
use crate::clock::Clock;
use crate::db::{self, Database, bulk};
use crate::error::{Error, Result};
use crate::payload::{Columns, Payload, Seen, Track};
use chrono::{DateTime, Utc};
use entity::track;
use row::{Known, Row, insert, leave, overwrite};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::btree_map::Entry;
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

/// Of several sightings of one track the one to keep.
pub fn best(sightings: impl IntoIterator<Item = Sighting>) -> BTreeMap<String, Sighting> {
    let mut best = BTreeMap::new();
    for sighting in sightings {
        offer(&mut best, sighting);
    }
    best
}

/// Takes the sighting among the others, unless the one of the same track there is better.
pub fn offer(best: &mut BTreeMap<String, Sighting>, sighting: Sighting) {
    match best.entry(sighting.track.track_id.clone()) {
        Entry::Vacant(place) => drop(place.insert(sighting)),
        Entry::Occupied(mut place) => {
            if sighting.seen().beats(place.get().seen()) {
                place.insert(sighting);
            }
        }
    }
}

/// Offers tracks by id; each is kept when its payload beats the one in the library.
pub async fn keep_tracks(
    work: &DatabaseTransaction,
    sightings: &BTreeMap<String, Sighting>,
) -> Result<HashMap<String, Kept>> {
    db::lock_tracks_shared(work).await?;
    let mut outcome = HashMap::with_capacity(sightings.len());
    let mut waiting = sightings.values().peekable();
    while waiting.peek().is_some() {
        let chunk = waiting.by_ref().take(CHUNK).collect();
        keep_chunk(work, chunk, &mut outcome).await?;
    }
    Ok(outcome)
}

async fn keep_chunk(
    work: &DatabaseTransaction,
    mut sightings: Vec<&Sighting>,
    outcome: &mut HashMap<String, Kept>,
) -> Result<()> {
    // Most tracks of a list are known and unchanged: no row is locked before that is seen. New rows
    // come before locks, for every writer alike, so that no two wait for each other.
    let mut lock = false;
    // Another writer may insert the same track between our question and our answer: ask again.
    while !sightings.is_empty() {
        let mut kept = kept_tracks(work, &sightings, lock).await?;
        let (mut new, mut better) = (Vec::new(), Vec::new());
        for sighting in sightings {
            match kept.remove(&sighting.track.track_id) {
                None => new.push(sighting),
                Some(known) => match compare(sighting, known) {
                    (change, false) => drop(outcome.insert(id(sighting), change)),
                    (change, true) => better.push((sighting, change)),
                },
            }
        }
        let inserted = insert(work, new.iter().copied().map(row_of).collect(), leave()).await?;
        new.retain(|new| !inserted.contains(&new.track.track_id));
        outcome.extend(inserted.into_iter().map(|track_id| (track_id, Kept::New)));
        sightings = new;
        if lock {
            let changes = better.iter();
            outcome.extend(changes.map(|(sighting, change)| (id(sighting), *change)));
            let better = better.into_iter().map(first).map(row_of).collect();
            insert(work, better, overwrite()).await?;
        } else {
            sightings.extend(better.into_iter().map(first));
            sightings.sort_by_key(|sighting| &sighting.track.track_id);
        }
        lock = true;
    }
    Ok(())
}

fn id(sighting: &Sighting) -> String {
    sighting.track.track_id.clone()
}

fn row_of(sighting: &Sighting) -> Row<'_> {
    Row {
        track_id: &sighting.track.track_id,
        columns: &sighting.track.columns,
        seen: sighting.seen(),
    }
}

fn first<A, B>((first, _): (A, B)) -> A {
    first
}

/// Which of these the library has.
pub async fn known(
    database: &Database,
    track_ids: impl Iterator<Item = &String>,
) -> Result<HashSet<String>> {
    let reader = database.read();
    let column = (track::Entity, track::Column::TrackId);
    let among = bulk::is_among(reader.get_database_backend(), column, track_ids.cloned());
    let known: Vec<String> = track::Entity::find()
        .select_only()
        .column(track::Column::TrackId)
        .filter(among)
        .into_tuple()
        .all(&reader)
        .await?;
    Ok(known.into_iter().collect())
}

/// The tracks that the library has, locked or not, in the order of their ids.
async fn kept_tracks(
    work: &DatabaseTransaction,
    sightings: &[&Sighting],
    lock: bool,
) -> Result<HashMap<String, track::Model>> {
    let ids = sightings.iter().map(|sighting| id(sighting));
    let column = (track::Entity, track::Column::TrackId);
    let mut question = track::Entity::find()
        .filter(bulk::is_among(work.get_database_backend(), column, ids))
        .order_by_asc(track::Column::TrackId);
    if lock {
        question = question.lock(LockType::NoKeyUpdate);
    }
    let kept = question.all(work).await?;
    Ok(kept
        .into_iter()
        .map(|model| (model.track_id.clone(), model))
        .collect())
}

/// What the sighting means for the kept track, and whether its row is to be written.
fn compare(sighting: &Sighting, known: track::Model) -> (Kept, bool) {
    let known = Known::from(known);
    if !sighting.seen().beats(known.seen()) {
        return (Kept::Unchanged, false);
    }
    let track = &sighting.track;
    let same = known.payload.as_ref() == Some(&track.payload) && track.columns == known.columns;
    match same {
        true => (Kept::Unchanged, sighting.seen_at != known.payload_at),
        false => (Kept::Updated, true),
    }
}

/// Writes a track's columns, and its payload when there is one that beats the kept one: it counts
/// as seen now.
pub async fn put_track(
    database: &Database,
    clock: &Clock,
    track_id: &str,
    (columns, payload): &(Columns, Option<Payload>),
) -> Result<()> {
    let seen = Seen {
        payload: payload.as_ref(),
        at: payload.is_some().then(|| clock.now()),
    };
    db::retried(|| async {
        let work = database.begin().await?;
        // Another writer may insert it between our question and our answer: ask again.
        loop {
            let question = track::Entity::find_by_id(track_id).lock(LockType::NoKeyUpdate);
            let known = question.one(&work).await?.map(Known::from);
            let (kept, on_conflict) = match &known {
                Some(known) if seen.beats(known.seen()) => (seen, overwrite()),
                Some(known) => (known.seen(), overwrite()),
                None => (seen, leave()),
            };
            let row = Row {
                track_id,
                columns,
                seen: kept,
            };
            let is_so = known.as_ref().is_some_and(|known| row.is(known));
            if is_so || !insert(&work, vec![row], on_conflict).await?.is_empty() {
                return Ok(work.commit().await?);
            }
        }
    })
    .await
}

/// Takes a track away, and with it every place it had on a list.
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
