//! A list compared with the list before: the movement of each track, and the turnover.

use crate::db::bulk;
use crate::error::Result;
use crate::features::snapshots::query::{RankedTrack, day_before, latest_day, ranked_tracks};
use crate::store;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

/// A list, and its movement since the list before.
pub struct ComparedList {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    /// The day of the list before; `None` for the first list.
    pub previous_date: Option<NaiveDate>,
    pub tracks: Vec<ComparedTrack>,
}

/// A track of the list with its movement; `None` if there is no list before.
pub struct ComparedTrack {
    pub track: RankedTrack,
    pub movement: Option<Movement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    Up(i32),
    Down(i32),
    Same,
    /// Never on an earlier list of this range.
    New,
    /// On an earlier list of this range, but not on the list before.
    Back,
}

/// The tracks of a list that were not on the list before.
pub struct Turnover {
    pub newcomer_count: i64,
    pub track_count: i64,
    pub previous_date: NaiveDate,
}

impl ComparedList {
    /// `None` if there is no list before.
    pub fn turnover(&self) -> Option<Turnover> {
        let is_newcomer =
            |row: &&ComparedTrack| matches!(row.movement, Some(Movement::New | Movement::Back));
        Some(Turnover {
            newcomer_count: self.tracks.iter().filter(is_newcomer).count() as i64,
            track_count: self.tracks.len() as i64,
            previous_date: self.previous_date?,
        })
    }
}

/// The latest list up to today, of the shortest range that has any.
pub async fn latest_list(
    db: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<Option<ComparedList>> {
    for time_range in TimeRange::ALL {
        if let Some(date) = latest_day(db, time_range, today).await? {
            return compared_list(db, date, time_range).await.map(Some);
        }
    }
    Ok(None)
}

async fn compared_list(
    db: &impl ConnectionTrait,
    snapshot_date: NaiveDate,
    time_range: TimeRange,
) -> Result<ComparedList> {
    let tracks = ranked_tracks(db, snapshot_date, time_range).await?;
    let previous_date = day_before(db, time_range, snapshot_date).await?;
    let movements = match previous_date {
        Some(previous) => movements(db, &tracks, previous, time_range).await?,
        None => vec![None; tracks.len()],
    };
    let rows = tracks.into_iter().zip(movements);
    Ok(ComparedList {
        snapshot_date,
        time_range,
        previous_date,
        tracks: rows
            .map(|(track, movement)| ComparedTrack { track, movement })
            .collect(),
    })
}

async fn movements(
    db: &impl ConnectionTrait,
    tracks: &[RankedTrack],
    previous: NaiveDate,
    time_range: TimeRange,
) -> Result<Vec<Option<Movement>>> {
    let before = store::ranking(db, previous, time_range).await?;
    let absent = tracks
        .iter()
        .map(|row| &row.track.track_id)
        .filter(|track_id| !before.contains_key(*track_id));
    let once_listed = listed_before(db, absent, previous, time_range).await?;
    let movement = |row: &RankedTrack| match before.get(&row.track.track_id) {
        Some(rank) if *rank > row.rank => Movement::Up(rank - row.rank),
        Some(rank) if *rank < row.rank => Movement::Down(row.rank - rank),
        Some(_) => Movement::Same,
        None if once_listed.contains(&row.track.track_id) => Movement::Back,
        None => Movement::New,
    };
    Ok(tracks.iter().map(|row| Some(movement(row))).collect())
}

/// Which of these tracks were on a list of the range before `day`.
async fn listed_before(
    db: &impl ConnectionTrait,
    track_ids: impl Iterator<Item = &String>,
    day: NaiveDate,
    time_range: TimeRange,
) -> Result<HashSet<String>> {
    let column = (snapshot::Entity, snapshot::Column::TrackId);
    let among = bulk::is_among(db.get_database_backend(), column, track_ids.cloned());
    let rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TrackId)
        .distinct()
        .filter(among)
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .filter(snapshot::Column::SnapshotDate.lt(day))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
