//! The connection to the provider: at most one row. Without a row the program is not connected.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub connection_id: i16,
    pub client_id: String,
    pub account_id: String,
    /// The display name, or the id of an account without one.
    pub account_name: String,
    /// When the owner consented. A later consent is another connection.
    pub authorized_at: DateTimeUtc,
    /// Encrypted.
    pub access_token: Option<String>,
    pub access_token_expires_at: Option<DateTimeUtc>,
    /// Encrypted. `None` once the consent has ended.
    pub refresh_token: Option<String>,
    pub state: State,
    /// Why the provider refuses: a word, as in `premium`, or its own words.
    pub reason: Option<String>,
    /// When the provider answered `invalid_grant` for the first time. An hour later it ends the consent.
    pub invalid_grant_at: Option<DateTimeUtc>,
    /// When the provider last answered with data.
    pub last_answer_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(16))",
    rename_all = "snake_case"
)]
pub enum State {
    Connected,
    /// The refresh token is no longer valid: the owner has to connect again.
    ConsentEnded,
    /// The provider refuses requests for this account or app.
    Refused,
}
