//! Ranked lists, replaced whole, and the ledger of the attempts to take them.

use super::CHUNK;
use crate::error::Result;
use crate::snapshots::query::Ranking;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::{self, TimeRange};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

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
    let mut on_conflict = OnConflict::columns([
        snapshot::Column::TrackId,
        snapshot::Column::SnapshotDate,
        snapshot::Column::TimeRange,
    ]);
    on_conflict.update_column(snapshot::Column::Rank);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        snapshot::Entity::insert_many(rows.by_ref().take(CHUNK))
            .on_conflict(on_conflict.clone())
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
