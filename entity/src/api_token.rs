//! A token for a program that uses the API.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    /// SHA-256 of the token, in hexadecimal.
    #[sea_orm(unique)]
    pub secret_hash: String,
    pub name: String,
    /// Words with a space between, as in `read write`.
    pub scopes: String,
    pub created_at: DateTimeUtc,
    /// `None`: never.
    pub expires_at: Option<DateTimeUtc>,
    /// Written once an hour at most.
    pub last_used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
