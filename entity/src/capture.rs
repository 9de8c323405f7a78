//! The ledger: one attempt to take a whole ranked list, and how it ended.

use super::snapshot::TimeRange;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "captures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub snapshot_date: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub time_range: TimeRange,
    /// When the provider was asked; midnight UTC of the day when only the day is known.
    #[sea_orm(primary_key, auto_increment = false)]
    pub captured_at: DateTimeUtc,
    /// Where the list came from: a file's path, `api`, `spotify`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    pub outcome: Outcome,
    /// Why, when the outcome alone does not say.
    pub reason: Option<String>,
    /// Track objects in the answer.
    pub track_count: i32,
}

impl ActiveModelBehavior for ActiveModel {}

/// How an attempt ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    poem_openapi::Enum,
)]
#[oai(rename_all = "snake_case")]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum Outcome {
    /// A list that differs from the one kept before.
    Captured,
    /// The same list again.
    Unchanged,
    /// The provider sent no tracks; nothing was replaced.
    Empty,
    /// The ranks are right, every album is a placeholder.
    Degraded,
    /// No list came, or it was refused.
    Failed,
}
