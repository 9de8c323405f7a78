//! The ledger of captures: every attempt to take a whole ranked list, with its outcome.

use super::{CHUNK, Ranking};
use crate::error::Result;
use crate::payload::Track;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, InsertMany, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::BTreeMap;

/// One attempt to take a list.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub date: NaiveDate,
    pub time_range: TimeRange,
    pub captured_at: DateTime<Utc>,
    /// Where the list came from: the path of a file, or `api`.
    pub source: String,
    /// Captured, empty, degraded or failed. [`Attempt::outcome`] tells captured from unchanged.
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub track_count: usize,
    /// `None` when there is nothing to keep: an empty list, or a refused one.
    pub ranking: Option<Ranking>,
}

impl Attempt {
    /// Takes the outcome and the ranking from the tracks, best first.
    pub fn of_tracks<'a>(
        (date, time_range): (NaiveDate, TimeRange),
        captured_at: DateTime<Utc>,
        source: String,
        tracks: impl Iterator<Item = &'a Track> + Clone,
    ) -> Self {
        let track_count = tracks.clone().count();
        let outcome = match track_count {
            0 => Outcome::Empty,
            _ if tracks.clone().all(Track::is_degraded) => Outcome::Degraded,
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

    /// The outcome, given whether the list is the same as the one that was kept before it.
    pub fn outcome(&self, is_same: bool) -> Outcome {
        match self.outcome {
            Outcome::Captured if is_same => Outcome::Unchanged,
            outcome => outcome,
        }
    }

    /// The row of the ledger.
    pub fn row(&self, is_same: bool) -> capture::Model {
        capture::Model {
            snapshot_date: self.date,
            time_range: self.time_range,
            captured_at: self.captured_at,
            source: self.source.clone(),
            outcome: self.outcome(is_same),
            reason: self.reason.clone(),
            track_count: i32::try_from(self.track_count).unwrap_or(i32::MAX),
            attempt_count: 1,
            last_attempt_at: None,
        }
    }
}

/// A rank is the position in the provider's list. A track that is listed twice keeps its best one.
fn ranking<'a>(tracks: impl Iterator<Item = &'a Track>) -> Ranking {
    let mut ranking = BTreeMap::new();
    for (rank, track) in (1..).zip(tracks) {
        ranking.entry(track.track_id.clone()).or_insert(rank);
    }
    ranking
}

/// The time and the source of the latest attempt that had tracks.
pub async fn last_captured(
    work: &DatabaseTransaction,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Option<(DateTime<Utc>, String)>> {
    let with_tracks = [Outcome::Captured, Outcome::Unchanged, Outcome::Degraded];
    Ok(capture::Entity::find()
        .select_only()
        .columns([Column::CapturedAt, Column::Source])
        .filter(Column::SnapshotDate.eq(date))
        .filter(Column::TimeRange.eq(time_range))
        .filter(Column::Outcome.is_in(with_tracks))
        .order_by_desc(Column::CapturedAt)
        .order_by_desc(Column::Source)
        .into_tuple()
        .one(work)
        .await?)
}

/// Adds a failed attempt to the ledger. If the last attempt from the same source failed for the same reason, its
/// `attempt_count` is raised instead. Returns the row.
pub async fn record_failure(
    work: &DatabaseTransaction,
    row: capture::Model,
) -> Result<capture::Model> {
    let from_source = Condition::all()
        .add(Column::SnapshotDate.eq(row.snapshot_date))
        .add(Column::TimeRange.eq(row.time_range))
        .add(Column::Source.eq(&row.source));
    let last = capture::Entity::find()
        .filter(from_source.clone())
        .order_by_desc(Column::CapturedAt)
        .one(work)
        .await?;
    let equal =
        |last: &capture::Model| last.outcome == Outcome::Failed && last.reason == row.reason;
    let Some(last) = last.filter(equal) else {
        record(work, vec![row.clone()], true).await?;
        return Ok(row);
    };
    capture::Entity::update_many()
        .col_expr(Column::AttemptCount, Expr::col(Column::AttemptCount).add(1))
        .col_expr(Column::LastAttemptAt, Expr::value(row.captured_at))
        .filter(from_source.add(Column::CapturedAt.eq(last.captured_at)))
        .exec(work)
        .await?;
    Ok(capture::Model {
        attempt_count: last.attempt_count + 1,
        last_attempt_at: Some(row.captured_at),
        ..last
    })
}

/// Adds rows to the ledger. A row with the same key stays as it is, unless it failed or `replace`
/// is set.
pub async fn record(
    work: &DatabaseTransaction,
    rows: Vec<capture::Model>,
    replace: bool,
) -> Result<()> {
    let mut on_conflict = on_same_key();
    on_conflict.update_columns([Column::Outcome, Column::Reason, Column::TrackCount]);
    if !replace {
        let kept = Expr::col((capture::Entity, Column::Outcome));
        on_conflict.action_and_where(kept.eq(Outcome::Failed));
    }
    insert(work, &rows, &on_conflict).await
}

/// Adds rows of another library's ledger. Of two rows with the same key, one that did not fail is kept, then the one with
/// more attempts, so that the order of the libraries makes no difference.
pub async fn add_captures(work: &DatabaseTransaction, rows: &[capture::Model]) -> Result<()> {
    let kept = |column| Expr::col((capture::Entity, column));
    let added = |column| Expr::col(("excluded", column));
    let mut on_conflict = on_same_key();
    on_conflict
        .update_columns([
            Column::Outcome,
            Column::Reason,
            Column::TrackCount,
            Column::AttemptCount,
            Column::LastAttemptAt,
        ])
        .action_and_where(kept(Column::Outcome).eq(Outcome::Failed))
        .action_and_where(
            added(Column::Outcome)
                .ne(Outcome::Failed)
                .or(added(Column::AttemptCount).gt(kept(Column::AttemptCount))),
        );
    // A statement must not write a row twice. PostgreSQL has no instants below a microsecond.
    let rows: BTreeMap<_, _> = rows
        .iter()
        .map(|row| ((row.captured_at.timestamp_micros(), &row.source), row))
        .collect();
    let rows: Vec<_> = rows.into_values().cloned().collect();
    insert(work, &rows, &on_conflict).await
}

/// Another row has the same key.
fn on_same_key() -> OnConflict {
    OnConflict::columns([
        Column::SnapshotDate,
        Column::TimeRange,
        Column::CapturedAt,
        Column::Source,
    ])
}

async fn insert(
    work: &DatabaseTransaction,
    rows: &[capture::Model],
    on_conflict: &OnConflict,
) -> Result<()> {
    for rows in rows.chunks(CHUNK) {
        InsertMany::<capture::ActiveModel>::many(rows.to_vec())
            .on_conflict(on_conflict.clone())
            .exec_without_returning(work)
            .await?;
    }
    Ok(())
}
