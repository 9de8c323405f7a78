//! An example for the document. The music is invented.

use super::query::{OnThisDay, ThenAndNow, YearAgo};
use crate::features::snapshots::query::SnapshotList;
use chrono::NaiveDate;
use poem_openapi::types::Example;

impl Example for OnThisDay {
    fn example() -> Self {
        let day = |year, day| NaiveDate::from_ymd_opt(year, 3, day).expect("a day of March");
        let then = SnapshotList::example().items.into_iter();
        Self {
            date: Some(day(2026, 1)),
            items: vec![YearAgo {
                years_ago: 1,
                asked_date: day(2025, 1),
                snapshot_date: day(2025, 2),
                items: then
                    .map(|then| ThenAndNow {
                        then,
                        current_rank: Some(12),
                    })
                    .collect(),
            }],
        }
    }
}
