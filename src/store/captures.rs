//! The ledger: every attempt to take a whole ranked list, and how it ended.

use super::{CHUNK, Ranking};
use crate::error::Result;
use crate::payload::Track;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;

/// One attempt to take a list.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    pub captured_at: DateTime<Utc>,
    /// Where the list came from: a file's path, `api`.
    pub source: String,
    /// Captured, empty, degraded or failed; the same list again is told from what is kept.
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub track_count: usize,
    /// `None` when there is nothing to keep: an empty list, or a refused one.
    pub ranking: Option<Ranking>,
}

impl Attempt {
    /// The outcome and the ranking follow from the tracks, best first.
    pub fn taken<'a>(
        (date, time_range): (NaiveDate, TimeRange),
        captured_at: DateTime<Utc>,
        source: String,
        tracks: impl Iterator<Item = &'a Track> + Clone,
    ) -> Self {
        let track_count = tracks.clone().count();
        let outcome = match track_count {
            0 => Outcome::Empty,
            _ if tracks.clone().all(|track| track.payload.degraded) => Outcome::Degraded,
            _ => Outcome::Captured,
        };
        Self {
            date,
            time_range,
            captured_at,
            source,
            outcome,
            reason: None,
            track_count,
            ranking: (track_count > 0).then(|| ranking(tracks)),
        }
    }

    /// How it ended, `is_same` when the list before was this one.
    pub fn outcome(&self, is_same: bool) -> Outcome {
        match self.outcome {
            Outcome::Captured if is_same => Outcome::Unchanged,
            outcome => outcome,
        }
    }

    /// The row of the ledger.
    pub fn row(&self, is_same: bool) -> capture::ActiveModel {
        capture::ActiveModel {
            snapshot_date: Set(self.date),
            time_range: Set(self.time_range),
            captured_at: Set(self.captured_at),
            source: Set(self.source.clone()),
            outcome: Set(self.outcome(is_same)),
            reason: Set(self.reason.clone()),
            track_count: Set(i32::try_from(self.track_count).unwrap_or(i32::MAX)),
        }
    }
}

/// Ranks are the provider's positions; a track that is listed twice keeps its best.
fn ranking<'a>(tracks: impl Iterator<Item = &'a Track>) -> Ranking {
    let mut ranking = BTreeMap::new();
    for (rank, track) in (1..).zip(tracks) {
        ranking.entry(track.track_id.clone()).or_insert(rank);
    }
    ranking
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
