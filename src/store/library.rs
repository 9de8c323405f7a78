//! The library as a whole.

use crate::db::{self, Database};
use crate::error::{Error, Result};
use entity::{capture, snapshot, track};
use sea_orm::EntityTrait;
use std::time::Duration;

/// The deadline of each statement. A million tracks on PostgreSQL take some 20 s.
const CLEAR_DEADLINE: Duration = Duration::from_secs(100);

/// Deletes tracks, lists and the ledger, if the library has this many tracks: all or nothing. Returns a conflict if it has
/// another number.
pub async fn clear_library(database: &Database, track_count: i64) -> Result<()> {
    db::retried(|| async {
        let work = database.begin_clearing().await?;
        db::lock_library(&work, CLEAR_DEADLINE).await?;
        let present = db::count(&work, track::Entity::find()).await?;
        if present != track_count {
            return Err(Error::Conflict(format!(
                "the library has {present} tracks now, not {track_count}; nothing was deleted"
            )));
        }
        // All of them, because the transaction may not check foreign keys. Ranks first: PostgreSQL looks for those of each
        // track.
        snapshot::Entity::delete_many().exec(&work).await?;
        capture::Entity::delete_many().exec(&work).await?;
        track::Entity::delete_many().exec(&work).await?;
        Ok(work.commit().await?)
    })
    .await?;
    tracing::info!(track_count, "the library was cleared");
    database.shrink().await;
    Ok(())
}
