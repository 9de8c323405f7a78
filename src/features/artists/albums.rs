//! The albums of an artist's tracks, by name.

use super::query::ArtistTrack;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

#[derive(Debug)]
pub struct Album {
    pub name: String,
    /// The latest year of its tracks; `None` if all are unknown.
    pub release_year: Option<i16>,
    pub cover_url: Option<String>,
    pub track_count: i64,
}

/// The newest first, then by name; those without a known year last. Tracks without an album are in none.
pub fn albums(items: &[ArtistTrack]) -> Vec<Album> {
    let mut albums: HashMap<&str, Album> = HashMap::new();
    let mut seen = HashSet::new();
    for item in items {
        let name = item.track.album_name.as_deref().unwrap_or_default();
        if name.trim().is_empty() || !seen.insert(&item.track.track_id) {
            continue;
        }
        let album = albums.entry(name).or_insert_with(|| Album {
            name: name.to_owned(),
            release_year: None,
            cover_url: None,
            track_count: 0,
        });
        album.track_count += 1;
        album.release_year = album.release_year.max(item.track.release_year);
        album.cover_url = album.cover_url.take().or_else(|| item.cover_url.clone());
    }
    let mut albums: Vec<_> = albums.into_values().collect();
    albums.sort_by(|one, other| {
        let key = |album: &Album| (Reverse(album.release_year), album.name.clone());
        key(one).cmp(&key(other))
    });
    albums
}
