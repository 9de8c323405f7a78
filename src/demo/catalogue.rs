//! The catalogue: artists, their albums, and the songs on them.
//!
//! [`discovery`](super::discovery) makes it, and [`tracks`](super::tracks) turns its songs into track objects.

use chrono::NaiveDate;

pub struct Artist {
    pub name: &'static str,
    /// An index into [`LANGUAGES`](super::names::LANGUAGES).
    pub language: usize,
    /// The middle of the years in which the artist released albums.
    pub peak_year: i32,
}

pub struct Album {
    pub name: String,
    /// An index into [`Catalogue::artists`].
    pub artist: usize,
    pub released: NaiveDate,
    pub total_tracks: usize,
    /// The number of one of the [`covers`](super::covers).
    pub cover: usize,
}

pub struct Song {
    pub title: String,
    /// An index into [`Catalogue::albums`].
    pub album: usize,
    /// A second artist, as an index into [`Catalogue::artists`].
    pub guest: Option<usize>,
    pub track_number: usize,
    /// The day on which it was first heard.
    pub found: NaiveDate,
}

pub struct Catalogue {
    pub artists: Vec<Artist>,
    pub albums: Vec<Album>,
    /// In the order in which their albums were found.
    pub songs: Vec<Song>,
}
