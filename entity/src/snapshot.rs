//! One row of a ranked list: this track, on this day, in this time range, stood here.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub track_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub snapshot_date: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub time_range: TimeRange,
    /// 1 is the top.
    pub rank: i32,
    #[sea_orm(belongs_to, from = "track_id", to = "track_id", on_delete = "Cascade")]
    pub track: BelongsTo<super::track::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The period over which the provider ranked the tracks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Enum,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(32))",
    rename_all = "snake_case"
)]
#[oai(rename_all = "snake_case")]
pub enum TimeRange {
    /// About 4 weeks
    ShortTerm,
    /// About 6 months
    MediumTerm,
    /// About 1 year
    LongTerm,
}

impl TimeRange {
    pub const ALL: [Self; 3] = [Self::ShortTerm, Self::MediumTerm, Self::LongTerm];

    /// The provider's word for the range.
    pub fn word(self) -> &'static str {
        match self {
            Self::ShortTerm => "short_term",
            Self::MediumTerm => "medium_term",
            Self::LongTerm => "long_term",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.word() == word)
    }
}
