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

/// A length as in `3:41` or `1:02:03`.
pub fn length(duration_ms: i32) -> String {
    let seconds = duration_ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A link to a page of the provider, for addresses of the provider only.
pub fn open_in_spotify(url: Option<&str>) -> Markup {
    let trusted = url.filter(|url| url.starts_with("https://open.spotify.com/"));
    html! {
        @if let Some(url) = trusted {
            p.buttons {
                a.button.out href=(url) rel="noopener noreferrer" {
                    "Open in Spotify"
                    svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" {
                        path d="M3 9 9 3M4 3h5v5" {}
                    }
                }
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
