//! An entry of the owner's log: who came in, and what was taken out or deleted.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_entries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub entry_id: i64,
    pub at: DateTimeUtc,
    pub event: Event,
    /// What the event was about; may be empty.
    pub detail: String,
    /// Where the request came from; empty for a command.
    pub address: String,
}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(32))",
    rename_all = "snake_case"
)]
#[oai(rename_all = "snake_case")]
pub enum Event {
    SetUp,
    SignedIn,
    SignInFailed,
    SignedOut,
    PasswordChanged,
    SessionEnded,
    TokenCreated,
    TokenRevoked,
    Exported,
    LibraryCleared,
    ListDeleted,
    TrackDeleted,
    SpotifyConnected,
    SpotifyDisconnected,
}
