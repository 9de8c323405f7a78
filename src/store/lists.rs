//! Ranked lists, replaced whole.

use super::captures::{Attempt, record};
use super::ranks::take_rank;
use super::tracks::{Sighting, keep_tracks};
use super::{CHUNK, tracks};
use crate::clock::Clock;
use crate::db::{self, Database};
use crate::error::{Error, Result};
use crate::payload::{Refusal, Track};
use chrono::{NaiveDate, NaiveTime};
use entity::capture::{self, Outcome};
use entity::snapshot::{self, TimeRange};
use poem_openapi::Object;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use std::collections::BTreeMap;

/// The source in the ledger of what clients put.
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

/// Makes these tracks, best first, the whole list of this day and range. Their payloads count as
/// seen on that day, but never later than now. An empty list is entered in the ledger and replaces nothing.
pub async fn put_list(
    database: &Database,
    clock: &Clock,
    (date, time_range): (NaiveDate, TimeRange),
    items: Vec<Track>,
) -> Result<ListChange> {
    let now = clock.now();
    // Nothing could replace payloads that count as seen in the future.
    let seen_at = Some(date.and_time(NaiveTime::MIN).and_utc().min(now));
    let attempt = Attempt::taken((date, time_range), now, API.into(), items.iter());
    let sightings = tracks::best(items.into_iter().map(|track| Sighting { track, seen_at }));
    db::retried(|| async {
        let work = database.begin().await?;
        keep_tracks(&work, &sightings).await?;
        db::lock_list(&work, date, time_range).await?;
        let old = ranking(&work, date, time_range).await?;
        let new = attempt.ranking.as_ref().unwrap_or(&old);
        // The time when its turn had come: the ledger's last is then the list that is kept.
        let row = capture::ActiveModel {
            captured_at: Set(clock.now()),
            ..attempt.row(*new == old)
        };
        record(&work, vec![row], true).await?;
        replace_list(&work, date, time_range, &old, new).await?;
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

/// Enters in the ledger that a list was refused, and why; the list kept before stays.
pub async fn refuse_list(
    database: &Database,
    clock: &Clock,
    (date, time_range): (NaiveDate, TimeRange),
    refusal: &Refusal,
) -> Result<()> {
    let attempt = Attempt {
        date,
        time_range,
        captured_at: clock.now(),
        source: API.into(),
        outcome: Outcome::Failed,
        reason: Some(refusal.to_string()),
        track_count: 0,
        ranking: None,
    };
    db::retried(|| async {
        let work = database.begin().await?;
        record(&work, vec![attempt.row(false)], true).await?;
        Ok(work.commit().await?)
    })
    .await
}

/// Takes the list of this day and range away; its tracks stay.
pub async fn delete_list(
    database: &Database,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<()> {
    let deleted = db::retried(|| async {
        let work = database.begin().await?;
        db::lock_list(&work, date, time_range).await?;
        let deleted = snapshot::Entity::delete_many()
            .filter(snapshot::Column::SnapshotDate.eq(date))
            .filter(snapshot::Column::TimeRange.eq(time_range))
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

/// The ranks on a list; empty when there is none.
pub async fn ranking(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Ranking> {
    Ok(snapshot::Entity::find()
        .select_only()
        .columns([snapshot::Column::TrackId, snapshot::Column::Rank])
        .filter(snapshot::Column::SnapshotDate.eq(date))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .into_tuple::<(String, i32)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}

pub fn no_list(date: NaiveDate, time_range: TimeRange) -> Error {
    Error::NotFound(format!("no {} list was kept on {date}", time_range.word()))
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
    place(work, rows).await
}

/// Puts rows at their ranks, in the order in which they are given.
pub async fn place(work: &DatabaseTransaction, rows: Vec<snapshot::ActiveModel>) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        snapshot::Entity::insert_many(rows.by_ref().take(CHUNK))
            .on_conflict(take_rank())
            .exec_without_returning(work)
            .await
            .map_err(|cause| Error::from(cause).or_met_deletion())?;
    }
    Ok(())
}
