//! A browser in which the owner has signed in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: String,
    /// SHA-256 of the cookie, in hexadecimal.
    #[sea_orm(unique)]
    pub secret_hash: String,
    pub user_agent: String,
    /// The address of the last sign-in.
    pub address: String,
    pub created_at: DateTimeUtc,
    /// Written once an hour at most.
    pub last_seen_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
