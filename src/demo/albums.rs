//! The music that there is to find: artists, their albums, and songs on them.
//!
//! [`discovery`](super::discovery) makes it up, [`tracks`](super::tracks) writes it down as the provider would.

use chrono::NaiveDate;

pub struct Artist {
    pub name: &'static str,
    /// An index into [`TONGUES`](super::names::TONGUES).
    pub tongue: usize,
    /// The middle of the years in which they released.
    pub heyday: i32,
}

pub struct Album {
    pub name: String,
    /// An index into [`Catalogue::artists`].
    pub artist: usize,
    pub released: NaiveDate,
    pub total_tracks: usize,
    /// The number of one of [`covers`](super::covers).
    pub cover: usize,
}

pub struct Song {
    pub title: String,
    /// An index into [`Catalogue::albums`].
    pub album: usize,
    pub guest: Option<usize>,
    pub track_number: usize,
    /// The day it was first heard.
    pub found: NaiveDate,
}

pub struct Catalogue {
    pub artists: Vec<Artist>,
    pub albums: Vec<Album>,
    /// In the order in which their albums were found.
    pub songs: Vec<Song>,
}
