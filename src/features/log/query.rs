//! The entries, newest first.

use crate::api::cursor::{self, Cursor};
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::log_entry::{Column, Entity, Event, Model};
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// An event, with its time and its origin.
#[derive(Clone, Debug, Object)]
pub struct LogEntry {
    pub at: DateTime<Utc>,
    pub event: Event,
    /// The subject of the event, such as the name of a token; may be empty.
    pub detail: String,
    /// Where the request came from; empty for a command.
    pub address: String,
}

/// A page of the log. The latest 10,000 entries are kept.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct LogPage {
    pub items: Vec<LogEntry>,
    /// Send it as `cursor` to get the next page. Left out on the last page.
    pub next_cursor: Option<String>,
}

/// The cursor of a page: the id of its last entry.
pub type Position = (i64,);

pub async fn log_entries(
    db: &impl ConnectionTrait,
    after: Option<Position>,
    limit: u64,
) -> Result<LogPage> {
    let older = after.map(|(entry_id,)| Column::EntryId.lt(entry_id));
    let mut rows = Entity::find()
        .filter(Condition::all().add_option(older))
        .order_by_desc(Column::EntryId)
        .limit(limit + 1)
        .all(db)
        .await?;
    let next_cursor = cursor::next(&mut rows, limit, |last| Cursor::encode(&(last.entry_id,)));
    Ok(LogPage {
        items: rows.into_iter().map(LogEntry::from).collect(),
        next_cursor,
    })
}

impl From<Model> for LogEntry {
    fn from(row: Model) -> Self {
        Self {
            at: row.at,
            event: row.event,
            detail: row.detail,
            address: row.address,
        }
    }
}

impl Example for LogPage {
    fn example() -> Self {
        Self {
            items: vec![LogEntry {
                at: DateTime::from_timestamp(1_772_348_400, 0).expect("an instant"),
                event: Event::TokenCreated,
                detail: "Home display: read".into(),
                address: "192.0.2.17".into(),
            }],
            next_cursor: None,
        }
    }
}
