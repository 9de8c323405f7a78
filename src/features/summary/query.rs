//! The number of tracks and days, and the first and the latest day, from the queries of other features.

use crate::features::releases::query::Releases;
use crate::features::snapshots::query::Days;
use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;

/// The size of the library, and its first and latest day.
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

pub fn summary(releases: &Releases, days: &Days) -> Summary {
    Summary {
        track_count: releases.track_count(),
        snapshot_count: days.count,
        first_snapshot_date: days.first,
        latest_snapshot_date: days.latest,
    }
}
