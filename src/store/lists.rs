//! Ranked lists, each replaced whole.

use super::CHUNK;
use super::captures::{Attempt, last_captured, record, record_failure};
use super::ranks::put_ranks;
use super::tracks::{add_track, keep_tracks};
use crate::db::{self, Database};
use crate::error::{Error, Result};
use crate::payload::Track;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::{self, Column, TimeRange};
use poem_openapi::Object;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use std::collections::BTreeMap;

/// The source of lists that clients put, in the ledger.
const API: &str = "api";

/// Track ids with their ranks.
pub type Ranking = BTreeMap<String, i32>;

/// What putting a list changed, in tracks on that list.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(example)]
pub struct ListChange {
    pub outcome: Outcome,
    /// Track objects in the body; a track that is listed twice counts twice.
    pub track_count: usize,
    /// On the list now, and not before.
    pub added_count: usize,
    /// On the list before, and not now.
    pub removed_count: usize,
    /// On both, at another rank.
    pub moved_count: usize,
}

/// A list that comes one by one, not from a file.
#[derive(Clone, Copy, Debug)]
pub struct Incoming {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    /// Who sent it, in the ledger.
    pub source: &'static str,
    /// When it came.
    pub at: DateTime<Utc>,
    /// When its payloads count as seen. No later payload could supersede one that was seen in the future.
    pub payload_at: DateTime<Utc>,
}

impl Incoming {
    /// A list that a client puts. The payloads count as seen on its day, but never later than now.
    pub fn put((date, time_range): (NaiveDate, TimeRange), now: DateTime<Utc>) -> Self {
        Self {
            date,
            time_range,
            source: API,
            at: now,
            payload_at: date.and_time(NaiveTime::MIN).and_utc().min(now),
        }
    }

    fn attempt<'a>(&self, tracks: impl Iterator<Item = &'a Track> + Clone) -> Attempt {
        let list = (self.date, self.time_range);
        Attempt::of_tracks(list, self.at, self.source.into(), tracks)
    }
}

/// Makes these tracks, best first, the list of its day and range. An empty list replaces nothing; the ledger has it all
/// the same. Returns its row of the ledger too.
pub async fn keep_list(
    database: &Database,
    incoming: &Incoming,
    items: Vec<Track>,
) -> Result<(ListChange, capture::Model)> {
    let (date, time_range) = (incoming.date, incoming.time_range);
    let attempt = incoming.attempt(items.iter());
    let payload_at = Some(incoming.payload_at);
    let mut tracks = BTreeMap::new();
    for track in items {
        add_track(
            &mut tracks,
            Track {
                payload_at,
                ..track
            },
        );
    }
    db::retried(|| async {
        let work = database.begin().await?;
        keep_tracks(&work, &tracks).await?;
        db::lock_list(&work, date, time_range).await?;
        let old = ranking(&work, date, time_range).await?;
        let new = attempt.ranking.as_ref().unwrap_or(&old);
        // Later than any other: the latest entry of the ledger is the list that is kept.
        let last = last_captured(&work, date, time_range).await?;
        let after_last = last.map(|(at, _)| at + TimeDelta::microseconds(1));
        let row = capture::Model {
            captured_at: incoming.at.max(after_last.unwrap_or_default()),
            ..attempt.row(*new == old)
        };
        record(&work, vec![row.clone()], true).await?;
        replace_list(&work, (date, time_range), &old, new).await?;
        work.commit().await?;
        Ok((change(&attempt, &old, new), row))
    })
    .await
}

fn change(attempt: &Attempt, old: &Ranking, new: &Ranking) -> ListChange {
    let added = new.keys().filter(|id| !old.contains_key(*id)).count();
    let stayed = new.len() - added;
    let same = |(id, rank): &(&String, &i32)| old.get(*id) == Some(*rank);
    ListChange {
        outcome: attempt.outcome(new == old),
        track_count: attempt.track_count,
        added_count: added,
        removed_count: old.len() - stayed,
        moved_count: stayed - new.iter().filter(same).count(),
    }
}

/// Records in the ledger that no list came, or that it was refused. The list that is kept stays.
pub async fn list_failed(
    database: &Database,
    incoming: &Incoming,
    reason: String,
) -> Result<capture::Model> {
    let attempt = Attempt {
        outcome: Outcome::Failed,
        reason: Some(reason),
        ..incoming.attempt([].iter())
    };
    db::retried(|| async {
        let work = database.begin().await?;
        db::lock_list(&work, incoming.date, incoming.time_range).await?;
        let row = record_failure(&work, attempt.row(false)).await?;
        work.commit().await?;
        Ok(row)
    })
    .await
}

/// Deletes the list of this day and range. Its tracks stay.
pub async fn delete_list(
    database: &Database,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<()> {
    let deleted = db::retried(|| async {
        let work = database.begin().await?;
        db::lock_list(&work, date, time_range).await?;
        let deleted = snapshot::Entity::delete_many()
            .filter(Column::SnapshotDate.eq(date))
            .filter(Column::TimeRange.eq(time_range))
            .exec(&work)
            .await?;
        work.commit().await?;
        Ok(deleted)
    })
    .await?;
    match deleted.rows_affected {
        0 => Err(no_list(date, time_range)),
        _ => Ok(()),
    }
}

/// The ranks on a list; empty when there is no list.
pub async fn ranking(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Ranking> {
    let ranks: Vec<_> = snapshot::Entity::find()
        .select_only()
        .columns([Column::TrackId, Column::Rank])
        .filter(Column::SnapshotDate.eq(date))
        .filter(Column::TimeRange.eq(time_range))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ranks.into_iter().collect())
}

pub fn no_list(date: NaiveDate, time_range: TimeRange) -> Error {
    Error::NotFound(format!("no {} list was kept on {date}", time_range.word()))
}

/// Replaces the `old` list of this day and range by the `new` one, and writes only the difference.
pub async fn replace_list(
    work: &DatabaseTransaction,
    (date, time_range): (NaiveDate, TimeRange),
    old: &Ranking,
    new: &Ranking,
) -> Result<()> {
    let gone: Vec<&String> = old.keys().filter(|id| !new.contains_key(*id)).collect();
    for gone in gone.chunks(CHUNK) {
        snapshot::Entity::delete_many()
            .filter(Column::SnapshotDate.eq(date))
            .filter(Column::TimeRange.eq(time_range))
            .filter(Column::TrackId.is_in(gone.iter().copied()))
            .exec(work)
            .await?;
    }
    let rows: Vec<_> = new
        .iter()
        .filter(|(id, rank)| old.get(*id) != Some(rank))
        .map(|(id, rank)| snapshot::Model {
            track_id: id.clone(),
            snapshot_date: date,
            time_range,
            rank: *rank,
        })
        .collect();
    put_ranks(work, &rows).await
}
