//! Ranks, one row each. Those that clients put at the same time are written in one statement.

use super::CHUNK;
use super::tracks::{known, no_track};
use crate::db::{self, Database};
use crate::error::{Error, Result};
use chrono::NaiveDate;
use entity::snapshot::{self, Column, TimeRange};
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, OnConflict};
use sea_orm::{ConnectionTrait, DatabaseTransaction, InsertMany, QueryTrait};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// The deadline of one batch, with its wait for a connection. Later batches wait for it.
const BATCH_DEADLINE: Duration = Duration::from_secs(2);

/// Puts one track at a rank of a list. The track must exist, the list need not.
pub async fn put_snapshot(
    database: &Database,
    track_id: &str,
    (snapshot_date, time_range): (NaiveDate, TimeRange),
    rank: i32,
) -> Result<()> {
    let row = snapshot::Model {
        track_id: track_id.into(),
        snapshot_date,
        time_range,
        rank,
    };
    let server = || {
        let database = database.clone();
        move |rows| {
            let database = database.clone();
            async move { put_batch(&database, rows).await }
        }
    };
    database.snapshots.join(row, server).await
}

/// Returns one result per row, so that a missing track fails only its own rows.
async fn put_batch(database: &Database, rows: Vec<snapshot::Model>) -> Vec<Result<()>> {
    // A track may be inserted between the failed write and the read that looks for it.
    let written = db::retried(|| put_known(database, &rows));
    let outcome = database.within(BATCH_DEADLINE, written).await;
    let outcome_of = |row: &snapshot::Model| match &outcome {
        Ok(unknown) if unknown.contains(&row.track_id) => Err(no_track(&row.track_id)),
        Ok(_) => Ok(()),
        Err(error) => Err(error.clone()),
    };
    rows.iter().map(outcome_of).collect()
}

/// Writes the rows whose tracks exist. Returns the ids of the tracks that do not.
async fn put_known(database: &Database, rows: &[snapshot::Model]) -> Result<HashSet<String>> {
    let mut unknown = HashSet::new();
    // Of several ranks for one row the last counts. All writers insert in the order of the key.
    let mut rows: BTreeMap<_, _> = rows
        .iter()
        .map(|row| ((&row.track_id, row.snapshot_date, row.time_range), row))
        .collect();
    while !rows.is_empty() {
        let error = match database.write_one(&upsert(rows.values().copied())).await {
            Ok(_) => break,
            Err(error) if error.is_orphan() => error,
            Err(error) => return Err(error),
        };
        let asked: BTreeSet<&String> = rows.keys().map(|(track_id, ..)| *track_id).collect();
        let known = known(&database.read(), asked.iter().copied()).await?;
        if known.len() == asked.len() {
            return Err(error.or_conflict_with_deletion());
        }
        rows.retain(|(track_id, ..), _| known.contains(*track_id));
        unknown.extend(asked.into_iter().filter(|id| !known.contains(*id)).cloned());
    }
    Ok(unknown)
}

/// Writes ranks in the order given.
pub async fn put_ranks(work: &DatabaseTransaction, rows: &[snapshot::Model]) -> Result<()> {
    for rows in rows.chunks(CHUNK) {
        let written = work.execute(&upsert(rows)).await;
        written.map_err(|cause| Error::from(cause).or_conflict_with_deletion())?;
    }
    Ok(())
}

/// A row that has the same rank already is not written.
fn upsert<'a>(rows: impl IntoIterator<Item = &'a snapshot::Model>) -> InsertStatement {
    let kept = Expr::col((snapshot::Entity, Column::Rank));
    let mut on_conflict =
        OnConflict::columns([Column::TrackId, Column::SnapshotDate, Column::TimeRange]);
    on_conflict
        .update_column(Column::Rank)
        .action_and_where(kept.ne(Expr::col(("excluded", Column::Rank))));
    InsertMany::<snapshot::ActiveModel>::many(rows.into_iter().cloned())
        .on_conflict(on_conflict)
        .into_query()
}
