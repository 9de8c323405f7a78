//! Ranked lists, each replaced whole.

use super::CHUNK;
use super::captures::{Attempt, last_captured, record, record_failure};
use super::ranks::put_ranks;
use super::tracks::{add_track, keep_tracks};
use crate::clock::Clock;
use crate::db::{self, Database};
use crate::error::{Error, Result};
use crate::payload::{Refusal, Track};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
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

/// Makes these tracks, best first, the list of this day and range. The payloads count as seen on
/// that day, but never later than now. An empty list replaces nothing; the ledger has it all the
/// same.
pub async fn put_list(
    database: &Database,
    clock: &Clock,
    (date, time_range): (NaiveDate, TimeRange),
    items: Vec<Track>,
) -> Result<ListChange> {
    let now = clock.now();
    // No later payload could supersede one that was seen in the future.
    let payload_at = Some(date.and_time(NaiveTime::MIN).and_utc().min(now));
    let attempt = Attempt::of_tracks((date, time_range), now, API.into(), items.iter());
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
        // Taken under the lock, and later than an imported time that lies ahead: the latest entry of the ledger is the
        // list that is kept.
        let last = last_captured(&work, date, time_range).await?;
        let after_last = last.map(|(at, _)| at + TimeDelta::microseconds(1));
        let row = capture::Model {
            captured_at: clock.now().max(after_last.unwrap_or_default()),
            ..attempt.row(*new == old)
        };
        record(&work, vec![row], true).await?;
        replace_list(&work, (date, time_range), &old, new).await?;
        work.commit().await?;
        Ok(change(&attempt, &old, new))
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

/// Records in the ledger that a list was refused. The list that is kept stays.
pub async fn refuse_list(
    database: &Database,
    clock: &Clock,
    list: (NaiveDate, TimeRange),
    refusal: &Refusal,
) -> Result<()> {
    let attempt = Attempt {
        outcome: Outcome::Failed,
        reason: Some(refusal.to_string()),
        ..Attempt::of_tracks(list, clock.now(), API.into(), [].iter())
    };
    db::retried(|| async {
        let work = database.begin().await?;
        db::lock_list(&work, list.0, list.1).await?;
        record_failure(&work, attempt.row(false)).await?;
        Ok(work.commit().await?)
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
