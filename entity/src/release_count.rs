//! Tracks counted by year of release and explicit flag. The database keeps it up to date; the sum over
//! all rows of a year and flag is what counts.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release_counts")]
pub struct Model {
    /// `None` counts tracks whose payload does not say.
    pub release_year: Option<i16>,
    pub explicit: Option<bool>,
    /// Below zero where tracks were taken away. SeaORM asks for a key; the table has none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub track_count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
