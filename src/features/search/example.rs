//! The example for the document. The music is invented.

use super::query::{FoundAlbum, FoundArtist, FoundTrack, SearchResults};
use crate::features::tracks::query::TrackSummary;
use poem_openapi::types::Example;

const COVER: &str = "https://i.scdn.co/image/ab67616d00001e02";

impl Example for SearchResults {
    fn example() -> Self {
        let track = TrackSummary::example();
        Self {
            artists: vec![FoundArtist {
                artist_name: "Compass & Co.".into(),
                artist_key: "0TnOYISbd1XYRBk9myaseg".into(),
                track_count: 6,
                best_rank: Some(3),
                day_count: 102,
            }],
            albums: vec![FoundAlbum {
                album_name: "Compasses".into(),
                artist_name: track.artist_name.clone(),
                artist_key: track.artist_key.clone(),
                track_id: "6rqhFgbbKwnb9MLmUQDhG6".into(),
                cover_url: Some(COVER.into()),
                track_count: 2,
                best_rank: None,
                day_count: 0,
            }],
            tracks: vec![FoundTrack {
                track,
                cover_url: Some(COVER.into()),
                best_rank: Some(1),
                day_count: 237,
            }],
        }
    }
}
