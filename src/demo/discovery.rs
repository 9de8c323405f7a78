//! Makes up the catalogue, album by album, as somebody might have come upon them over the years.

use chrono::{Days, NaiveDate};

use super::{
    albums::{Album, Artist, Catalogue, Song},
    chance::Chance,
    covers::COVERS,
    days::{FIRST_DAY, LAST_DAY, day},
    names::{TONGUES, each},
    phases::phase,
    titles::Titles,
    years::Years,
};

/// Listening starts so long before the first list: those lists remember it.
pub const DAYS_BEFORE: usize = 400;

const SONGS_BEFORE: usize = 170;

/// Albums by the number of their songs in the library: most give one, few give six.
const SONGS_PER_ALBUM: [f64; 6] = [54.0, 20.0, 12.0, 7.0, 4.0, 3.0];

/// An artist releases so many years before and after their heyday.
const ACTIVE_YEARS: u32 = 14;

/// How much likelier a language is in the months that belong to it.
const TONGUE_IN_PHASE: f64 = 9.0;

pub fn catalogue(songs: usize, chance: &mut Chance) -> Catalogue {
    let artists = artists(chance);
    let mut discovery = Discovery {
        catalogue: Catalogue {
            artists,
            albums: Vec::new(),
            songs: Vec::with_capacity(songs),
        },
        years: Years::of(songs),
        titles: TONGUES.into_iter().map(Titles::of).collect(),
        chance,
    };
    while discovery.catalogue.songs.len() < songs {
        let known = discovery.catalogue.songs.len();
        discovery.find_album(day_of_discovery(known, songs), songs - known);
    }
    discovery.catalogue
}

fn artists(chance: &mut Chance) -> Vec<Artist> {
    let mut artists = Vec::new();
    for (tongue, words) in TONGUES.iter().enumerate() {
        for name in each(words.artists) {
            // The larger of two draws makes late years likelier, as in the library.
            let heyday = 1962 + chance.below(63).max(chance.below(63)) as i32;
            artists.push(Artist {
                name,
                tongue,
                heyday,
            });
        }
    }
    artists
}

/// At one even pace before the first list, and at a quicker one from then on.
fn day_of_discovery(song: usize, songs: usize) -> NaiveDate {
    let days = if song < SONGS_BEFORE {
        song * DAYS_BEFORE / SONGS_BEFORE
    } else {
        let days_of_lists = (LAST_DAY - FIRST_DAY).num_days() as usize;
        DAYS_BEFORE + (song - SONGS_BEFORE) * days_of_lists / (songs - SONGS_BEFORE)
    };
    FIRST_DAY - Days::new(DAYS_BEFORE as u64) + Days::new(days as u64)
}

struct Discovery<'a> {
    catalogue: Catalogue,
    years: Years,
    /// One for each of [`TONGUES`].
    titles: Vec<Titles>,
    chance: &'a mut Chance,
}

impl Discovery<'_> {
    fn find_album(&mut self, found: NaiveDate, most_songs: usize) {
        let songs = most_songs.min(1 + self.chance.weighted(&SONGS_PER_ALBUM));
        let year = self.years.draw(found, songs, self.chance);
        let tongue = self.tongue(found);
        let titles: Vec<String> = (0..songs).map(|_| self.title(tongue)).collect();
        let is_single = songs == 1 && self.chance.happens(45);
        let album = Album {
            name: if is_single || self.chance.happens(20) {
                titles[0].clone()
            } else {
                self.title(tongue)
            },
            artist: self.artist(tongue, year),
            released: self.release_day(year, found),
            total_tracks: if is_single {
                1
            } else {
                songs + 3 + self.chance.below(9)
            },
            cover: self.chance.below(COVERS),
        };
        self.add_songs(&album, titles, found);
        self.catalogue.albums.push(album);
    }

    fn tongue(&mut self, found: NaiveDate) -> usize {
        let mut weights = TONGUES.map(|tongue| tongue.weight);
        if let Some(loved) = phase(found).and_then(|phase| phase.tongue) {
            weights[loved] *= TONGUE_IN_PHASE;
        }
        self.chance.weighted(&weights)
    }

    fn title(&mut self, tongue: usize) -> String {
        self.titles[tongue].next(self.chance)
    }

    /// One of those who sing in this language: any who was active about then, else the nearest.
    fn artist(&mut self, tongue: usize, year: i32) -> usize {
        let artists = self.catalogue.artists.iter().enumerate();
        artists
            .filter(|(_, artist)| artist.tongue == tongue)
            .min_by_key(|(_, artist)| {
                let years_apart = artist.heyday.abs_diff(year).max(ACTIVE_YEARS);
                (years_apart, self.chance.number())
            })
            .map(|(index, _)| index)
            .expect("every language has artists")
    }

    /// Nothing is found before it is out.
    fn release_day(&mut self, year: i32, found: NaiveDate) -> NaiveDate {
        let new_year = day(year, 1, 1);
        let days = (found.min(day(year, 12, 31)) - new_year).num_days() as usize;
        new_year + Days::new(self.chance.below(days + 1) as u64)
    }

    /// An album's first song leads to the others within weeks.
    fn add_songs(&mut self, album: &Album, titles: Vec<String>, found: NaiveDate) {
        let first_number = 1 + self.chance.below(album.total_tracks + 1 - titles.len());
        for (place, title) in titles.into_iter().enumerate() {
            let guest = self.guest(album.artist);
            let days_later = place * 3 + self.chance.below(1 + place * 9);
            let song = Song {
                title: self.version(title, guest, album.released),
                album: self.catalogue.albums.len(),
                guest,
                track_number: first_number + place,
                found: LAST_DAY.min(found + Days::new(days_later as u64)),
            };
            self.catalogue.songs.push(song);
        }
    }

    fn guest(&mut self, host: usize) -> Option<usize> {
        if !self.chance.happens(9) {
            return None;
        }
        let guest = self.chance.below(self.catalogue.artists.len());
        (guest != host).then_some(guest)
    }

    /// The title as it is sold: with the guest, or as one of several recordings.
    fn version(&mut self, title: String, guest: Option<usize>, released: NaiveDate) -> String {
        if let Some(guest) = guest {
            return format!("{title} (feat. {})", self.catalogue.artists[guest].name);
        }
        match self.chance.below(80) {
            0 => format!("{title} (Dusk Version)"),
            1 => format!("{title} - Live at the Ferry Hall"),
            2 => format!("{title} (Reprise)"),
            3..20 if released < day(1995, 1, 1) => format!("{title} - Remastered"),
            _ => title,
        }
    }
}
