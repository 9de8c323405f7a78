//! The log: sign-ins, changes of tokens and of the password, exports and deletions.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::log_entry::{ActiveModel, Column, Entity, Event};
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Older entries are deleted.
const CAPACITY: u64 = 10_000;
/// The same for failed sign-ins, so that strangers cannot push out what the owner did.
const FAILED_CAPACITY: u64 = 1000;

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
    Entity::insert(row).exec_without_returning(&work).await?;
    let (same_kind, capacity) = match entry.event {
        Event::SignInFailed => (Column::Event.eq(Event::SignInFailed), FAILED_CAPACITY),
        _ => (Column::Event.ne(Event::SignInFailed), CAPACITY),
    };
    let first_too_old: Option<i64> = Entity::find()
        .select_only()
        .column(Column::EntryId)
        .filter(same_kind.clone())
        .order_by_desc(Column::EntryId)
        .offset(capacity)
        .limit(1)
        .into_tuple()
        .one(&work)
        .await?;
    if let Some(entry_id) = first_too_old {
        Entity::delete_many()
            .filter(same_kind)
            .filter(Column::EntryId.lte(entry_id))
            .exec(&work)
            .await?;
    }
    work.commit().await?;
    Ok(())
}
