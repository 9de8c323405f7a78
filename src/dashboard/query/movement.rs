//! The latest list, and how each track on it moved since the list before.

use crate::error::Result;
use crate::snapshots::lists::Known;
use crate::snapshots::query::{self as snapshots, RankedTrack};
use crate::store;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

/// Rows of the latest list that are shown: the provider's have 50, but a library may hold any.
const SHOWN: usize = 100;

pub struct LatestList {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    /// The day of the list it is compared with; `None` for the first one.
    pub previous_date: Option<NaiveDate>,
    /// Tracks on the list, shown or not.
    pub track_count: i64,
    /// Of them, those that were not on the list before.
    pub newcomers: i64,
    /// The best of them.
    pub rows: Vec<Placed>,
}

/// A track of the list with its movement; none when there is no earlier list.
pub struct Placed {
    pub track: RankedTrack,
    pub movement: Option<Movement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    Up(i32),
    Down(i32),
    Same,
    /// Never on a list of this range before.
    New,
    /// Was on one once, but not on the one before.
    Back,
}

/// Share of the latest list that was not on the list kept before it.
pub struct Turnover {
    pub newcomers: i64,
    pub track_count: i64,
    pub previous_date: NaiveDate,
}

impl LatestList {
    pub fn turnover(&self) -> Option<Turnover> {
        Some(Turnover {
            newcomers: self.newcomers,
            track_count: self.track_count,
            previous_date: self.previous_date?,
        })
    }
}

/// The newest short-term list; where there is none, the newest of the next longer range.
pub async fn latest_list(db: &impl ConnectionTrait, known: &Known) -> Result<Option<LatestList>> {
    let latest = |range| Some((range, known.latest_day(range)?));
    let Some((time_range, snapshot_date)) = TimeRange::ALL.into_iter().find_map(latest) else {
        return Ok(None);
    };
    let tracks = snapshots::list(db, snapshot_date, time_range).await?.items;
    let previous_date = known.day_before(time_range, snapshot_date);
    let mut rows = match previous_date {
        Some(previous) => compare(db, tracks, previous, time_range).await?,
        None => tracks
            .into_iter()
            .map(|track| Placed {
                track,
                movement: None,
            })
            .collect(),
    };
    let is_newcomer = |row: &&Placed| matches!(row.movement, Some(Movement::New | Movement::Back));
    let newcomers = rows.iter().filter(is_newcomer).count() as i64;
    let track_count = rows.len() as i64;
    rows.truncate(SHOWN);
    Ok(Some(LatestList {
        snapshot_date,
        time_range,
        previous_date,
        track_count,
        newcomers,
        rows,
    }))
}

async fn compare(
    db: &impl ConnectionTrait,
    tracks: Vec<RankedTrack>,
    previous: NaiveDate,
    time_range: TimeRange,
) -> Result<Vec<Placed>> {
    let before = store::ranking(db, previous, time_range).await?;
    let absent = tracks
        .iter()
        .map(|track| track.track_id.as_str())
        .filter(|track_id| !before.contains_key(*track_id));
    let known = once_listed(db, absent, previous, time_range).await?;
    let movement = |track: &RankedTrack| match before.get(&track.track_id) {
        Some(rank) if *rank > track.rank => Movement::Up(rank - track.rank),
        Some(rank) if *rank < track.rank => Movement::Down(track.rank - rank),
        Some(_) => Movement::Same,
        None if known.contains(&track.track_id) => Movement::Back,
        None => Movement::New,
    };
    Ok(tracks
        .into_iter()
        .map(|track| Placed {
            movement: Some(movement(&track)),
            track,
        })
        .collect())
}

/// Which of these tracks were on a list of the range before `previous`.
async fn once_listed(
    db: &impl ConnectionTrait,
    track_ids: impl Iterator<Item = &str>,
    previous: NaiveDate,
    time_range: TimeRange,
) -> Result<HashSet<String>> {
    let rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TrackId)
        .distinct()
        .filter(snapshot::Column::TrackId.is_in(track_ids))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .filter(snapshot::Column::SnapshotDate.lt(previous))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
