//! The number of tracks and days, and the first and the latest day, from the queries of other features.

use crate::features::releases::query::Releases;
use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;

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

/// The summary of the counts of tracks, and of the days with a list, ascending.
pub fn summary(releases: &Releases, days: &[NaiveDate]) -> Summary {
    Summary {
        track_count: releases.track_count(),
        snapshot_count: days.len() as i64,
        first_snapshot_date: days.first().copied(),
        latest_snapshot_date: days.last().copied(),
    }
}
