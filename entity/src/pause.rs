//! A pause that a provider asked for. It belongs to the developer account, so it outlasts a connection.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pauses")]
pub struct Model {
    /// As in `spotify`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// No request before this instant.
    pub not_before: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
