//! The notices that were sent to `NOTIFY_URL`.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::notice::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryOrder, QueryTrait};

/// A notice that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub event: String,
    pub subject: String,
    pub sent_at: DateTime<Utc>,
}

/// Whether this event was sent for this subject.
pub async fn was_sent(db: &impl ConnectionTrait, event: &str, subject: &str) -> Result<bool> {
    let key = (event.to_owned(), subject.to_owned());
    Ok(Entity::find_by_id(key).one(db).await?.is_some())
}

/// Records that it was sent. Does nothing if it is recorded.
pub async fn record_notice(
    database: &Database,
    event: &str,
    subject: &str,
    sent_at: DateTime<Utc>,
) -> Result<()> {
    let row = Model {
        event: event.to_owned(),
        subject: subject.to_owned(),
        sent_at,
    };
    let mut once = OnConflict::columns([Column::Event, Column::Subject]);
    once.do_nothing();
    let insert = Insert::one(row.into_active_model()).on_conflict(once);
    database.write_one(&insert.into_query()).await.map(drop)
}

/// The one that was sent last. After `capture_failed` or `consent_ended`, a success is worth a `recovered`.
pub async fn latest_notice(db: &impl ConnectionTrait) -> Result<Option<Notice>> {
    let row = Entity::find()
        .order_by_desc(Column::SentAt)
        .order_by_desc(Column::Event)
        .order_by_desc(Column::Subject)
        .one(db)
        .await?;
    Ok(row.map(|row| Notice {
        event: row.event,
        subject: row.subject,
        sent_at: row.sent_at,
    }))
}
