//! The size of the library.

use crate::db::{self, Database, count};
use crate::error::Result;
use crate::features::captures::query::kept_at;
use crate::features::snapshots::query::{Days, days};
use chrono::{DateTime, NaiveDate, Utc};
use entity::snapshot::TimeRange;
use entity::{capture, snapshot, track};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Numbers of rows, and the size of the database.
pub struct Contents {
    pub track_count: i64,
    pub without_payload_count: i64,
    pub list_count: i64,
    pub rank_count: i64,
    /// Entries of the ledger.
    pub capture_count: i64,
    pub days: Days,
    pub last_list: Option<LastList>,
    pub engine_name: &'static str,
    pub size_bytes: i64,
    /// Of SQLite only.
    pub copy_size_bytes: Option<i64>,
}

/// The lists of the latest day.
pub struct LastList {
    pub day: NaiveDate,
    /// When the last of them came, as far as the ledger knows.
    pub kept_at: Option<DateTime<Utc>>,
    /// Of all ranges.
    pub track_count: i64,
}

impl Contents {
    pub fn is_empty(&self) -> bool {
        self.track_count == 0 && self.capture_count == 0
    }
}

pub async fn contents(database: &Database) -> Result<Contents> {
    let size_bytes = database.size_bytes().await?;
    let copy_size_bytes = database.copy_size_bytes().await?;
    let db = database.read_transaction().await?;
    let days = days(&db).await?;
    let lists = match (days.first, days.latest) {
        (Some(first), Some(latest)) => db::kept_lists(&db, first, latest).await?,
        _ => Vec::new(),
    };
    let last_list = match days.latest {
        Some(day) => Some(last_list(&db, day).await?),
        None => None,
    };
    // A track without a payload has no year and no flag, which are in an index.
    let without_payload = track::Entity::find()
        .filter(track::Column::ReleaseYear.is_null())
        .filter(track::Column::Explicit.is_null())
        .filter(track::Column::RawJson.is_null());
    Ok(Contents {
        track_count: count(&db, track::Entity::find()).await?,
        without_payload_count: count(&db, without_payload).await?,
        list_count: lists.len() as i64,
        rank_count: count(&db, snapshot::Entity::find()).await?,
        capture_count: count(&db, capture::Entity::find()).await?,
        days,
        last_list,
        engine_name: database.engine_name(),
        size_bytes,
        copy_size_bytes,
    })
}

async fn last_list(db: &impl ConnectionTrait, day: NaiveDate) -> Result<LastList> {
    let mut last = None;
    for range in TimeRange::ALL {
        last = last.max(kept_at(db, day, range).await?);
    }
    let of_day = snapshot::Entity::find().filter(snapshot::Column::SnapshotDate.eq(day));
    Ok(LastList {
        day,
        kept_at: last,
        track_count: count(db, of_day).await?,
    })
}
