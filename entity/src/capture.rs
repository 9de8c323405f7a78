//! One row of the ledger: an attempt to take a whole ranked list, and its outcome.

use super::snapshot::TimeRange;
use poem_openapi::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "captures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub snapshot_date: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub time_range: TimeRange,
    /// When the list was taken; midnight UTC of the day if only the day is known.
    #[sea_orm(primary_key, auto_increment = false)]
    pub captured_at: DateTimeUtc,
    /// Where the list came from: a file's path, `api`, `spotify`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    pub outcome: Outcome,
    /// The reason of a refusal or failure.
    pub reason: Option<String>,
    /// Track objects in the answer.
    pub track_count: i32,
    /// Attempts one after the other that failed for the same reason share a row. Otherwise 1.
    pub attempt_count: i32,
    /// When the last of several attempts was made; `None` for one.
    pub last_attempt_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// When the last attempt of the row was made.
    pub fn attempted_at(&self) -> DateTimeUtc {
        self.last_attempt_at.unwrap_or(self.captured_at)
    }
}

/// How an attempt to take a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
#[oai(rename_all = "snake_case")]
pub enum Outcome {
    /// A list that differs from the one kept before.
    Captured,
    /// The same list again.
    Unchanged,
    /// The list had no tracks. Nothing was replaced.
    Empty,
    /// Every album on the list is a placeholder. The ranks are kept.
    Degraded,
    /// No list came, or it was refused.
    Failed,
}
