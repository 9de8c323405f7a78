//! Parts of pages that show tracks: their names and those of their artists, as links to their pages.

use super::query::TrackSummary;
use crate::html::components::explicit_mark;
use crate::html::controls::address;
use maud::{Markup, html};

/// The name with a link to the page of the track, and the explicit mark.
pub fn track_name(track: &TrackSummary) -> Markup {
    html! {
        div.track-name {
            a href=(track_address(&track.track_id)) { (title(&track.name)) }
            @if track.explicit == Some(true) { (explicit_mark()) }
        }
    }
}

/// A name of a track or an album. It is empty after a takedown by the provider.
pub fn title(name: &str) -> Markup {
    html! {
        @if name.trim().is_empty() { span.untitled { "Untitled" } } @else { bdi { (name) } }
    }
}

/// The name of the artist, with a link to the page of the artist if there is one.
pub fn artist_name(track: &TrackSummary) -> Markup {
    artist_link(&track.artist_name, track.artist_key.as_deref())
}

pub fn artist_link(name: &str, artist_key: Option<&str>) -> Markup {
    html! {
        div.artist-name {
            @match artist_key {
                Some(key) if !name.trim().is_empty() => a href=(artist_address(key)) { bdi { (name) } },
                Some(key) => a href=(artist_address(key)) { "Unknown artist" },
                None => span { "Unknown artist" },
            }
        }
    }
}

pub fn track_address(track_id: &str) -> String {
    address(&["tracks", track_id])
}

pub fn artist_address(artist_key: &str) -> String {
    address(&["artists", artist_key])
}
