//! The log: who came in, and what was taken out or deleted.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::log_entry::{ActiveModel, Column, Entity, Event};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};

/// Older entries are deleted.
const LOG_CAPACITY: i64 = 10_000;

/// The longest stored detail, in characters.
const MAX_DETAIL: usize = 200;

pub struct Entry<'a> {
    pub at: DateTime<Utc>,
    pub event: Event,
    pub detail: &'a str,
    /// Empty for a command.
    pub address: &'a str,
}

pub async fn record_event(database: &Database, entry: Entry<'_>) -> Result<()> {
    let row = ActiveModel {
        entry_id: ActiveValue::NotSet,
        at: ActiveValue::Set(entry.at),
        event: ActiveValue::Set(entry.event),
        detail: ActiveValue::Set(entry.detail.chars().take(MAX_DETAIL).collect()),
        address: ActiveValue::Set(entry.address.to_owned()),
    };
    let work = database.begin().await?;
    let added = Entity::insert(row).exec(&work).await?;
    Entity::delete_many()
        .filter(Column::EntryId.lte(added.last_insert_id - LOG_CAPACITY))
        .exec(&work)
        .await?;
    work.commit().await?;
    Ok(())
}
