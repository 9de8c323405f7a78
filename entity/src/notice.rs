//! A notice that was sent to `NOTIFY_URL`. Each is sent once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    /// As in `capture_failed`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event: String,
    /// The day or the consent of the event, as in `2026-03-01`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub sent_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
