//! One track: its columns, and the provider's whole track object.

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
    /// When the payload was seen at the provider; `None` if unknown.
    pub payload_at: Option<DateTimeUtc>,
    /// Generated from `raw_json` by the database. Read only: leave it unset when writing.
    pub release_year: Option<i16>,
    /// Generated from `raw_json` by the database. Read only: leave it unset when writing.
    pub explicit: Option<bool>,
    /// The provider's id of the first artist. Generated from `raw_json` by the database. Read only.
    pub artist_id: Option<String>,
    #[sea_orm(has_many)]
    pub snapshots: HasMany<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
