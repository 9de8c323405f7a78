//! The lists around a day.

use crate::error::Result;
use crate::features::snapshots::days::{beginnings, day_after};
use crate::features::snapshots::query::latest_day;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use sea_orm::ConnectionTrait;

/// The days of the lists of one range around a day, up to today.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings {
    pub first: Option<NaiveDate>,
    /// The latest before the day.
    pub before: Option<NaiveDate>,
    /// The first after the day.
    pub after: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
}

pub async fn surroundings(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<Surroundings> {
    let beginnings = beginnings(db, &[time_range], day).await?;
    let beginning = beginnings.first().copied().unwrap_or_default();
    Ok(Surroundings {
        first: beginning.first,
        before: beginning.before,
        after: day_after(db, time_range, day, today).await?,
        latest: latest_day(db, time_range, today).await?,
    })
}
