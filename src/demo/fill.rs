//! The sample library → tables, through [`store`] like all data.

use super::library::{List, library};
use crate::db::Database;
use crate::payload::{self, Track};
use crate::store;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{capture, snapshot};
use std::collections::BTreeMap;

/// The time of each day's captures, in UTC.
const CAPTURE_TIME: NaiveTime = NaiveTime::from_hms_opt(6, 0, 0).expect("a time of day");

/// Fills an empty database with the library that ends on the day before `today`.
pub async fn fill(database: &Database, today: NaiveDate) -> anyhow::Result<()> {
    let library = library(today);
    let payload_at = library.lists.last().map(captured_at);
    let mut tracks = BTreeMap::new();
    let mut ids = Vec::with_capacity(library.tracks.len());
    for payload in library.tracks {
        let track = Track {
            payload_at,
            ..payload::track_of(&payload.into())?
        };
        ids.push(track.track_id.clone());
        tracks.insert(track.track_id.clone(), track);
    }
    let work = database.begin().await?;
    store::keep_tracks(&work, &tracks).await?;
    store::put_ranks(&work, &rows(&library.lists, &ids)).await?;
    store::record(&work, library.lists.iter().map(attempt).collect(), false).await?;
    work.commit().await?;
    Ok(())
}

/// Sorted by the primary key, because that is the fastest order to fill an empty table in.
fn rows(lists: &[List], ids: &[String]) -> Vec<snapshot::Model> {
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
        .map(|(list, rank, track_id)| snapshot::Model {
            track_id: track_id.clone(),
            snapshot_date: list.date,
            time_range: list.time_range,
            rank,
        })
        .collect()
}

fn captured_at(list: &List) -> DateTime<Utc> {
    list.date.and_time(CAPTURE_TIME).and_utc()
}

fn attempt(list: &List) -> capture::Model {
    let track_count = i32::try_from(list.ranking.len()).unwrap_or(i32::MAX);
    capture::Model {
        snapshot_date: list.date,
        time_range: list.time_range,
        captured_at: captured_at(list),
        source: "demo".into(),
        outcome: list.outcome,
        reason: list.reason.map(str::to_owned),
        track_count,
        attempt_count: 1,
        last_attempt_at: None,
    }
}
