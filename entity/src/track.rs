//! One track: the columns people read, and the provider's whole object beside them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tracks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub track_id: String,
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// The provider's track object as it came.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub raw_json: Option<Json>,
    /// When the kept payload was seen at the provider; `None` when nobody knows.
    pub payload_at: Option<DateTimeUtc>,
    /// Drawn from `raw_json` by the database: read only, leave it unset when writing.
    pub release_year: Option<i16>,
    /// Drawn from `raw_json` by the database: read only, leave it unset when writing.
    pub explicit: Option<bool>,
    #[sea_orm(has_many)]
    pub snapshots: HasMany<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
