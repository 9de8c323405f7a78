//! Examples for the document; the music is made up.

use super::query::{ListPage, ListSummary, RankedTrack, Snapshot, SnapshotList};
use crate::store::ListChange;
use crate::tracks::query::TrackSummary;
use crate::web::outcome::Outcome;
use crate::web::time_range::Range;
use chrono::NaiveDate;
use poem_openapi::types::Example;

impl Example for ListPage {
    fn example() -> Self {
        let list = |time_range| ListSummary {
            snapshot_date: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day of March"),
            time_range,
            track_count: 50,
        };
        Self {
            items: vec![list(Range::ShortTerm), list(Range::MediumTerm)],
            next_cursor: Some("WyIyMDI2LTAzLTAxIiwibWVkaXVtX3Rlcm0iXQ".into()),
        }
    }
}

impl Example for SnapshotList {
    fn example() -> Self {
        let track = TrackSummary::example();
        Self {
            items: vec![RankedTrack {
                rank: 1,
                track_id: track.track_id,
                name: track.name,
                artist_name: track.artist_name,
                album_name: track.album_name,
                duration_ms: track.duration_ms,
                spotify_url: track.spotify_url,
                release_year: track.release_year,
                explicit: track.explicit,
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
            time_range: Range::ShortTerm,
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
