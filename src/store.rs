//! The only writer of tracks, snapshots and captures. What it is given it writes in one fixed
//! order and inside the caller's transaction, so that writers never wait for each other in a ring.

use crate::error::Result;
use crate::payload::{self, Seen, Track};
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::{self, TimeRange};
use entity::track;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{BTreeMap, HashMap};

/// Rows in one statement: both engines bound the parameters of a statement.
const CHUNK: usize = 500;

/// A track with the moment its payload was seen at the provider, when that is known.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub track: Track,
    pub seen_at: Option<DateTime<Utc>>,
}

impl Sighting {
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            raw_json: self.track.raw_json.as_ref(),
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
        let kept = kept_tracks(work, &sightings).await?;
        let (known, unknown): (Vec<_>, Vec<_>) = sightings
            .into_iter()
            .partition(|sighting| kept.contains_key(&sighting.track.track_id));
        let mut better = Vec::new();
        for sighting in known {
            let model = &kept[&sighting.track.track_id];
            let change = compare(&sighting, model);
            outcome.insert(model.track_id.clone(), change.0);
            if change.1 {
                better.push(row(&sighting));
            }
        }
        write(work, better, overwrite()).await?;
        let inserted = insert_new(work, &unknown).await?;
        if inserted < unknown.len() as u64 {
            sightings = unknown;
            continue;
        }
        outcome.extend(unknown.into_iter().map(|new| (new.track.track_id, Kept::New)));
        break;
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
        .lock_exclusive()
        .all(work)
        .await?;
    Ok(kept
        .into_iter()
        .map(|model| (model.track_id.clone(), model))
        .collect())
}

/// What the sighting means for the kept track, and whether its row is to be written.
fn compare(sighting: &Sighting, kept: &track::Model) -> (Kept, bool) {
    let theirs = Seen {
        raw_json: kept.raw_json.as_ref(),
        at: kept.payload_at,
    };
    if !sighting.seen().beats(theirs) {
        return (Kept::Unchanged, false);
    }
    let track = &sighting.track;
    let same = track.raw_json == kept.raw_json
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

/// Inserts tracks that were not there a moment ago; says how many still were not.
async fn insert_new(work: &DatabaseTransaction, new: &[Sighting]) -> Result<u64> {
    let leave = OnConflict::column(track::Column::TrackId)
        .do_nothing()
        .to_owned();
    write(work, new.iter().map(row).collect(), leave).await
}

async fn write(
    work: &DatabaseTransaction,
    rows: Vec<track::ActiveModel>,
    on_conflict: OnConflict,
) -> Result<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    Ok(track::Entity::insert_many(rows)
        .on_conflict(on_conflict)
        .exec_without_returning(work)
        .await?)
}

fn overwrite() -> OnConflict {
    OnConflict::column(track::Column::TrackId)
        .update_columns([
            track::Column::Name,
            track::Column::ArtistName,
            track::Column::AlbumName,
            track::Column::DurationMs,
            track::Column::SpotifyUrl,
            track::Column::RawJson,
            track::Column::PayloadAt,
            track::Column::NameFolded,
        ])
        .to_owned()
}

fn row(sighting: &Sighting) -> track::ActiveModel {
    let track = sighting.track.clone();
    track::ActiveModel {
        name_folded: Set(Some(payload::fold(&track.name))),
        track_id: Set(track.track_id),
        name: Set(track.name),
        artist_name: Set(track.artist_name),
        album_name: Set(track.album_name),
        duration_ms: Set(track.duration_ms),
        spotify_url: Set(track.spotify_url),
        raw_json: Set(track.raw_json),
        payload_at: Set(sighting.seen_at),
        ..Default::default()
    }
}

/// How a kept list differs from what was kept for its day and range before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub added: usize,
    pub removed: usize,
    pub moved: usize,
}

impl Change {
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Track ids with their ranks.
pub type Ranking = BTreeMap<String, i32>;

/// What `new` adds to, removes from and moves in `old`.
pub fn change(old: &Ranking, new: &Ranking) -> Change {
    let kept = new.iter().filter_map(|(id, rank)| Some((old.get(id)?, rank)));
    let moved = kept.clone().filter(|(before, now)| before != now).count();
    let kept = kept.count();
    Change {
        added: new.len() - kept,
        removed: old.len() - kept,
        moved,
    }
}

/// The list kept for this day and range; empty when there is none.
pub async fn kept_list(
    work: &DatabaseTransaction,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Ranking> {
    Ok(snapshot::Entity::find()
        .select_only()
        .columns([snapshot::Column::TrackId, snapshot::Column::Rank])
        .filter(snapshot::Column::SnapshotDate.eq(date))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .into_tuple::<(String, i32)>()
        .all(work)
        .await?
        .into_iter()
        .collect())
}

/// Makes `new` the whole list of this day and range, where `old` was kept before.
pub async fn replace_list(
    work: &DatabaseTransaction,
    date: NaiveDate,
    time_range: TimeRange,
    old: &Ranking,
    new: &Ranking,
) -> Result<()> {
    let gone: Vec<&String> = old.keys().filter(|id| !new.contains_key(*id)).collect();
    for gone in gone.chunks(CHUNK) {
        snapshot::Entity::delete_many()
            .filter(snapshot::Column::SnapshotDate.eq(date))
            .filter(snapshot::Column::TimeRange.eq(time_range))
            .filter(snapshot::Column::TrackId.is_in(gone.iter().copied()))
            .exec(work)
            .await?;
    }
    let rows: Vec<_> = new
        .iter()
        .filter(|(id, rank)| old.get(*id) != Some(rank))
        .map(|(id, rank)| snapshot::ActiveModel {
            track_id: Set(id.clone()),
            snapshot_date: Set(date),
            time_range: Set(time_range),
            rank: Set(*rank),
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        snapshot::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::columns([
                    snapshot::Column::TrackId,
                    snapshot::Column::SnapshotDate,
                    snapshot::Column::TimeRange,
                ])
                .update_column(snapshot::Column::Rank)
                .to_owned(),
            )
            .exec_without_returning(work)
            .await?;
    }
    Ok(())
}

/// When and where the kept list of this day and range came from, when the ledger knows.
pub async fn kept_since(
    work: &DatabaseTransaction,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Option<(DateTime<Utc>, String)>> {
    Ok(capture::Entity::find()
        .select_only()
        .columns([capture::Column::CapturedAt, capture::Column::Source])
        .filter(capture::Column::SnapshotDate.eq(date))
        .filter(capture::Column::TimeRange.eq(time_range))
        .filter(capture::Column::Outcome.is_in([
            Outcome::Captured,
            Outcome::Unchanged,
            Outcome::Degraded,
        ]))
        .order_by_desc(capture::Column::CapturedAt)
        .order_by_desc(capture::Column::Source)
        .into_tuple()
        .one(work)
        .await?)
}

/// Enters attempts in the ledger. One that is there already keeps its entry, unless it had failed
/// or `again` says that the same source has brought another list.
pub async fn record(
    work: &DatabaseTransaction,
    attempts: Vec<capture::ActiveModel>,
    again: bool,
) -> Result<()> {
    let failed = Expr::col((capture::Entity, capture::Column::Outcome)).eq(Outcome::Failed);
    let mut on_conflict = OnConflict::columns([
        capture::Column::SnapshotDate,
        capture::Column::TimeRange,
        capture::Column::CapturedAt,
        capture::Column::Source,
    ]);
    on_conflict.update_columns([
        capture::Column::Outcome,
        capture::Column::Reason,
        capture::Column::TrackCount,
        capture::Column::AddedCount,
        capture::Column::RemovedCount,
    ]);
    if !again {
        on_conflict.action_and_where(failed);
    }
    for attempts in attempts.chunks(CHUNK) {
        capture::Entity::insert_many(attempts.to_vec())
            .on_conflict(on_conflict.clone())
            .exec_without_returning(work)
            .await?;
    }
    Ok(())
}
