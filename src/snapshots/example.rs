//! Examples for the document; the music is made up.

use super::query::{ListPage, ListSummary, RankedTrack, SnapshotList};
use crate::tracks::query::TrackSummary;
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
