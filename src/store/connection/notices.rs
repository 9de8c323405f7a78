//! The notices that were sent to `NOTIFY_URL`.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::notice::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter, QueryOrder,
    QueryTrait,
};

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

/// The last notice of one of the `bad` events, if none of the `good` event has followed.
pub async fn unresolved_notice(
    db: &impl ConnectionTrait,
    bad: &[&str],
    good: &str,
) -> Result<Option<Notice>> {
    let last = async |events: &[&str]| {
        Entity::find()
            .filter(Column::Event.is_in(events.iter().copied()))
            .order_by_desc(Column::SentAt)
            .order_by_desc(Column::Event)
            .order_by_desc(Column::Subject)
            .one(db)
            .await
    };
    let (bad, good) = (last(bad).await?, last(&[good]).await?);
    let unresolved = bad.filter(|bad| good.is_none_or(|good| good.sent_at < bad.sent_at));
    Ok(unresolved.map(|row| Notice {
        event: row.event,
        subject: row.subject,
        sent_at: row.sent_at,
    }))
}
