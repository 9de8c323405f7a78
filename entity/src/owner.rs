//! The owner: at most one row. Without a row, and without the setting, the program has no owner.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owners")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: i16,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    pub password_set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
