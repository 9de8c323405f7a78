//! Examples for the document. The music is invented.

use super::query::{Placement, Track, TrackHistory, TrackPage, TrackSummary};
use chrono::{DateTime, NaiveDate};
use entity::snapshot::TimeRange;
use poem_openapi::types::{Any, Example};
use serde_json::json;

const TRACK_ID: &str = "13Fnk6ZMo0EPz46G6Rif8W";
const COVER: &str = "https://i.scdn.co/image/ab67616d00001e02";

impl Example for TrackSummary {
    fn example() -> Self {
        Self {
            track_id: TRACK_ID.into(),
            name: "Distant Compass".into(),
            artist_name: "The Borrowed Waltz".into(),
            artist_key: Some("4Z8W4fKeB5YxbusRsdQVPb".into()),
            album_name: Some("Load Shedding".into()),
            duration_ms: Some(225_859),
            spotify_url: Some(format!("https://open.spotify.com/track/{TRACK_ID}")),
            release_year: Some(1998),
            explicit: Some(false),
        }
    }
}

impl Example for TrackPage {
    fn example() -> Self {
        Self {
            items: vec![TrackSummary::example()],
            next_cursor: Some("WyJEaXN0YW50IENvbXBhc3MiLCIxM0ZuazZaTW8wRVB6NDZHNlJpZjhXIl0".into()),
        }
    }
}

impl Example for Track {
    fn example() -> Self {
        let summary = TrackSummary::example();
        let payload = json!({
            "album": {
                "images": [{ "height": 300, "url": COVER, "width": 300 }],
                "name": summary.album_name,
                "release_date": "1998-04-21",
                "release_date_precision": "day",
            },
            "artists": [{ "name": summary.artist_name }],
            "duration_ms": summary.duration_ms,
            "explicit": false,
            "id": summary.track_id,
            "name": summary.name,
            "type": "track",
        });
        Self {
            summary,
            payload_at: DateTime::from_timestamp(1_772_348_400, 0),
            raw_json: Some(Any(payload)),
        }
    }
}

impl Example for TrackHistory {
    fn example() -> Self {
        let placement = |time_range, day, rank| Placement {
            time_range,
            snapshot_date: NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March"),
            rank,
        };
        Self {
            items: vec![
                placement(TimeRange::LongTerm, 1, 31),
                placement(TimeRange::ShortTerm, 1, 4),
                placement(TimeRange::ShortTerm, 2, 2),
            ],
        }
    }
}
