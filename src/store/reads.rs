use crate::error::{Error, Result};
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;
pub fn no_list(date: NaiveDate, time_range: TimeRange) -> Error {
    Error::NotFound(format!("no {} list was kept on {date}", time_range.word()))
}
pub fn no_track(track_id: &str) -> Error {
    Error::NotFound(format!("there is no track {track_id} in the library"))
}
pub type Ranking = BTreeMap<String, i32>;
pub async fn ranking(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Ranking> {
    Ok(snapshot::Entity::find()
        .select_only()
        .columns([snapshot::Column::TrackId, snapshot::Column::Rank])
        .filter(snapshot::Column::SnapshotDate.eq(date))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .into_tuple::<(String, i32)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}
