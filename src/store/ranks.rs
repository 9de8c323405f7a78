//! Single ranks: those that are put at the same moment are written together.

use super::tracks::{known, no_track};
use crate::db::{self, Database};
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::{self, Column, TimeRange};
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, OnConflict, Query};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// For a connection and the statement: all that come later wait behind it.
const FLUSH: Duration = Duration::from_secs(2);

/// Puts one track at a rank of a list. The list need not be there, the track must.
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
            async move { put_all(&database, rows).await }
        }
    };
    database.snapshots.join(row, server).await
}

/// Says of each row how it went: one whose track is not there is no matter of the others.
async fn put_all(database: &Database, rows: Vec<snapshot::Model>) -> Vec<Result<()>> {
    // A track that was not there when its rank was written may be there when it is looked for.
    let known = db::retried(|| put_known(database, &rows));
    let outcome = database.within(FLUSH, known).await;
    let outcome_of = |row: &snapshot::Model| match &outcome {
        Ok(unknown) if unknown.contains(&row.track_id) => Err(no_track(&row.track_id)),
        Ok(_) => Ok(()),
        Err(error) => Err(error.clone()),
    };
    rows.iter().map(outcome_of).collect()
}

/// Writes the rows whose tracks are there, and says which tracks are not.
async fn put_known(database: &Database, rows: &[snapshot::Model]) -> Result<HashSet<String>> {
    let mut unknown = HashSet::new();
    // Of several for one place the last to come counts. The order of the keys is that of every writer.
    let mut places: BTreeMap<_, _> = rows
        .iter()
        .map(|row| {
            let place = (&row.track_id, row.snapshot_date, row.time_range);
            (place, row.rank)
        })
        .collect();
    while !places.is_empty() {
        let error = match database.write_one(&upsert(&places)).await {
            Ok(_) => break,
            Err(error) if error.is_orphan() => error,
            Err(error) => return Err(error),
        };
        let asked: BTreeSet<&String> = places.keys().map(|(track_id, ..)| *track_id).collect();
        let known = known(database, asked.iter().copied()).await?;
        if known.len() == asked.len() {
            return Err(error.or_met_deletion());
        }
        places.retain(|(track_id, ..), _| known.contains(*track_id));
        unknown.extend(asked.into_iter().filter(|id| !known.contains(*id)).cloned());
    }
    Ok(unknown)
}

type Place<'a> = (&'a String, NaiveDate, TimeRange);

fn upsert(places: &BTreeMap<Place, i32>) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(snapshot::Entity).columns([
        Column::TrackId,
        Column::SnapshotDate,
        Column::TimeRange,
        Column::Rank,
    ]);
    for ((track_id, date, time_range), rank) in places {
        insert.values_panic([
            Expr::val(*track_id),
            Expr::val(*date),
            Expr::val(*time_range),
            Expr::val(*rank),
        ]);
    }
    insert.on_conflict(take_rank());
    insert
}

/// A row that stands there already is not written again.
pub fn take_rank() -> OnConflict {
    let rank = Expr::col((snapshot::Entity, Column::Rank));
    let theirs = Expr::col(("excluded", Column::Rank));
    OnConflict::columns([Column::TrackId, Column::SnapshotDate, Column::TimeRange])
        .update_column(Column::Rank)
        .action_and_where(rank.ne(theirs))
        .to_owned()
}
