//! An entry of the owner's log: a sign-in, a change of a token or of the password, an export or a deletion.

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
    /// The subject of the event, such as the name of a token; may be empty.
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
