//! An example for the document. The music is invented.

use super::query::{Artist, ArtistTrack};
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use poem_openapi::types::Example;

impl Example for Artist {
    fn example() -> Self {
        let track = TrackSummary::example();
        let first_seen_date = NaiveDate::from_ymd_opt(2025, 2, 14);
        Self {
            artist_key: track.artist_key.clone().unwrap_or_default(),
            artist_name: track.artist_name.clone(),
            first_seen_date,
            items: vec![ArtistTrack {
                time_range: Some(TimeRange::ShortTerm),
                track,
                cover_url: Some("https://i.scdn.co/image/ab67616d00001e02".into()),
                rank: Some(4),
                best_rank: Some(1),
                day_count: Some(250),
                first_seen_date,
                last_seen_date: NaiveDate::from_ymd_opt(2026, 3, 1),
            }],
        }
    }
}
