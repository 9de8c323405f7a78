//! Everything on the dashboard, seen in one moment.

mod days;
mod movement;

pub use days::{DayOutcome, KeptDay, KeptDays};
pub use movement::{LatestList, Movement, Placed, Turnover};

use crate::db::Database;
use crate::error::Result;
use crate::releases::query::{self as releases, Distribution};
use crate::snapshots::lists::Lists;
use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;

/// Years shown before the rest are counted together.
const YEARS: usize = 10;

pub struct Dashboard {
    pub summary: Summary,
    pub turnover: Option<Turnover>,
    pub decades: Distribution,
    pub years: Distribution,
    pub explicit: Distribution,
    pub latest: Option<LatestList>,
    pub days: Option<KeptDays>,
}

/// What the library holds.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Summary {
    pub track_count: i64,
    /// Days on which a list was kept.
    pub snapshot_count: i64,
    /// Left out while there are no lists.
    pub first_snapshot_date: Option<NaiveDate>,
    /// Left out while there are no lists.
    pub latest_snapshot_date: Option<NaiveDate>,
}

impl Example for Summary {
    fn example() -> Self {
        Self {
            track_count: 1284,
            snapshot_count: 1071,
            first_snapshot_date: NaiveDate::from_ymd_opt(2023, 11, 11),
            latest_snapshot_date: NaiveDate::from_ymd_opt(2026, 11, 22),
        }
    }
}

pub async fn dashboard(database: &Database, lists: &Lists) -> Result<Dashboard> {
    let (moment, mut known) = lists.at_a_moment(database).await?;
    let releases = releases::releases(&moment).await?;
    let kept = known.days();
    let latest = movement::latest_list(&moment, &known).await?;
    let days = match (kept.last(), &latest) {
        (Some(last), Some(list)) => {
            Some(days::kept_days(&moment, &mut known, &kept, *last, list.time_range).await?)
        }
        _ => None,
    };
    Ok(Dashboard {
        summary: Summary::of(releases.track_count(), &kept),
        turnover: latest.as_ref().and_then(LatestList::turnover),
        decades: releases.decades(),
        years: releases.years(YEARS),
        explicit: releases.explicit(),
        latest,
        days,
    })
}

pub async fn summary(database: &Database, lists: &Lists) -> Result<Summary> {
    let (moment, known) = lists.at_a_moment(database).await?;
    let releases = releases::releases(&moment).await?;
    Ok(Summary::of(releases.track_count(), &known.days()))
}

impl Summary {
    fn of(track_count: i64, days: &[NaiveDate]) -> Self {
        Self {
            track_count,
            snapshot_count: days.len() as i64,
            first_snapshot_date: days.first().copied(),
            latest_snapshot_date: days.last().copied(),
        }
    }
}
