//! Examples for the document. The music is invented.

use super::query::{ListPage, ListSummary, RankedTrack, Snapshot, SnapshotList};
use crate::features::tracks::query::TrackSummary;
use crate::store::ListChange;
use chrono::NaiveDate;
use entity::capture::Outcome;
use entity::snapshot::TimeRange;
use poem_openapi::types::Example;

impl Example for ListPage {
    fn example() -> Self {
        let list = |time_range| ListSummary {
            snapshot_date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March"),
            time_range,
            track_count: 50,
        };
        Self {
            items: vec![list(TimeRange::ShortTerm), list(TimeRange::MediumTerm)],
            next_cursor: Some("WyIyMDI2LTAzLTAxIiwibWVkaXVtX3Rlcm0iXQ".into()),
        }
    }
}

impl Example for SnapshotList {
    fn example() -> Self {
        Self {
            tied_from: Some(41),
            items: vec![RankedTrack {
                rank: 1,
                track: TrackSummary::example(),
                cover_url: Some("https://i.scdn.co/image/ab67616d00001e02".into()),
            }],
        }
    }
}

impl Example for Snapshot {
    fn example() -> Self {
        Self {
            track_id: TrackSummary::example().track_id,
            snapshot_date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March"),
            time_range: TimeRange::ShortTerm,
            rank: 4,
        }
    }
}

impl Example for ListChange {
    fn example() -> Self {
        Self {
            outcome: Outcome::Captured,
            track_count: 50,
            added_count: 3,
            removed_count: 3,
            moved_count: 21,
        }
    }
}
