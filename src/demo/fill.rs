//! The sample library → tables, through [`store`] like all data.

use super::library::{List, library};
use crate::db::Database;
use crate::payload;
use crate::store::{self, Sighting};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{capture, snapshot};
use sea_orm::ActiveValue::Set;
use std::collections::BTreeMap;

/// The time of each day's captures, in UTC.
const CAPTURE_TIME: NaiveTime = NaiveTime::from_hms_opt(6, 0, 0).expect("a time of day");

/// Fills an empty database with the library that ends on the day before `today`.
pub async fn fill(database: &Database, today: NaiveDate) -> anyhow::Result<()> {
    let library = library(today);
    let seen_at = library.lists.last().map(captured_at);
    let mut sightings = BTreeMap::new();
    let mut ids = Vec::with_capacity(library.tracks.len());
    for payload in library.tracks {
        let track = payload::track_of(&payload.into())?;
        ids.push(track.track_id.clone());
        sightings.insert(track.track_id.clone(), Sighting { track, seen_at });
    }
    let work = database.begin().await?;
    store::keep_tracks(&work, &sightings).await?;
    store::place(&work, rows(&library.lists, &ids)).await?;
    store::record(&work, library.lists.iter().map(attempt).collect(), false).await?;
    work.commit().await?;
    Ok(())
}

/// Sorted by the primary key, because that is the fastest order to fill an empty table in.
fn rows(lists: &[List], ids: &[String]) -> Vec<snapshot::ActiveModel> {
    let mut rows: Vec<_> = lists
        .iter()
        .flat_map(|list| {
            (1..)
                .zip(&list.ranking)
                .map(move |(rank, track)| (list, rank, &ids[*track]))
        })
        .collect();
    rows.sort_by_key(|(list, _, track_id)| (*track_id, list.date));
    rows.into_iter()
        .map(|(list, rank, track_id)| snapshot::ActiveModel {
            track_id: Set(track_id.clone()),
            snapshot_date: Set(list.date),
            time_range: Set(list.time_range),
            rank: Set(rank),
        })
        .collect()
}

fn captured_at(list: &List) -> DateTime<Utc> {
    list.date.and_time(CAPTURE_TIME).and_utc()
}

fn attempt(list: &List) -> capture::ActiveModel {
    let track_count = i32::try_from(list.ranking.len()).unwrap_or(i32::MAX);
    capture::ActiveModel {
        snapshot_date: Set(list.date),
        time_range: Set(list.time_range),
        captured_at: Set(captured_at(list)),
        source: Set("demo".into()),
        outcome: Set(list.outcome),
        reason: Set(list.reason.map(str::to_owned)),
        track_count: Set(track_count),
    }
}
