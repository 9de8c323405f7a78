//! Examples for the document. The music is invented.

use super::query::{ForgottenGem, ForgottenGems, LatestTracks, SeenTrack};
use crate::features::snapshots::query::SnapshotList;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use poem_openapi::types::Example;

impl Example for ForgottenGems {
    fn example() -> Self {
        Self {
            as_of: NaiveDate::from_ymd_opt(2026, 3, 1),
            track_count: 265,
            items: vec![ForgottenGem {
                track: TrackSummary::example(),
                cover_url: Some("https://i.scdn.co/image/ab67616d00001e02".into()),
                last_seen_date: NaiveDate::from_ymd_opt(2025, 11, 30).expect("a day of November"),
                best_rank: 3,
            }],
        }
    }
}

impl Example for LatestTracks {
    fn example() -> Self {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March");
        let seen = |listed| SeenTrack {
            listed,
            first_seen_date: day,
        };
        Self {
            as_of: Some(day),
            snapshot_date: Some(day),
            track_count: 1,
            items: SnapshotList::example()
                .items
                .into_iter()
                .map(seen)
                .collect(),
        }
    }
}
