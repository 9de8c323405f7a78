//! Makes the catalogue, album by album, in the order in which a listener discovers them.

use chrono::{Days, NaiveDate};

use super::{
    catalogue::{Album, Artist, Catalogue, Song},
    covers::COVERS,
    days::{FIRST_DAY, LAST_DAY, day},
    names::{LANGUAGES, each},
    phases::phase,
    random::Random,
    titles::Titles,
    years::Years,
};

/// Listening starts this many days before the first lists, because those rank past plays.
pub const DAYS_BEFORE: usize = 400;

/// Songs found before the first lists.
const SONGS_BEFORE: usize = 170;

/// The weights of albums with one to six songs in the library.
const SONGS_PER_ALBUM: [f64; 6] = [54.0, 20.0, 12.0, 7.0, 4.0, 3.0];

/// Artists release albums from this many years before their peak year to this many after it.
const ACTIVE_YEARS: u32 = 14;

/// The factor on the weight of a language during its phase.
const LANGUAGE_IN_PHASE: f64 = 9.0;

pub fn catalogue(songs: usize, random: &mut Random) -> Catalogue {
    let artists = artists(random);
    let mut discovery = Discovery {
        catalogue: Catalogue {
            artists,
            albums: Vec::new(),
            songs: Vec::with_capacity(songs),
        },
        years: Years::of(songs),
        titles: LANGUAGES.into_iter().map(Titles::of).collect(),
        random,
    };
    while discovery.catalogue.songs.len() < songs {
        let known = discovery.catalogue.songs.len();
        discovery.find_album(day_of_discovery(known, songs), songs - known);
    }
    discovery.catalogue
}

fn artists(random: &mut Random) -> Vec<Artist> {
    let mut artists = Vec::new();
    for (language, words) in LANGUAGES.iter().enumerate() {
        for name in each(words.artists) {
            // The larger of two numbers, because most of the library is recent.
            let peak_year = 1962 + random.below(63).max(random.below(63)) as i32;
            artists.push(Artist {
                name,
                language,
                peak_year,
            });
        }
    }
    artists
}

/// Songs are found at an even rate before the first lists, and at a higher even rate from then on.
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
    /// In the order of [`LANGUAGES`].
    titles: Vec<Titles>,
    random: &'a mut Random,
}

impl Discovery<'_> {
    fn find_album(&mut self, found: NaiveDate, most_songs: usize) {
        let songs = most_songs.min(1 + self.random.weighted_index(&SONGS_PER_ALBUM));
        let year = self.years.draw(found, songs, self.random);
        let language = self.language(found);
        let titles: Vec<String> = (0..songs).map(|_| self.title(language)).collect();
        let is_single = songs == 1 && self.random.happens(45);
        let album = Album {
            name: if is_single || self.random.happens(20) {
                titles[0].clone()
            } else {
                self.title(language)
            },
            artist: self.artist(language, year),
            released: self.release_day(year, found),
            total_tracks: if is_single {
                1
            } else {
                songs + 3 + self.random.below(9)
            },
            cover: self.random.below(COVERS),
        };
        self.add_songs(&album, titles, found);
        self.catalogue.albums.push(album);
    }

    fn language(&mut self, found: NaiveDate) -> usize {
        let mut weights = LANGUAGES.map(|language| language.weight);
        if let Some(language) = phase(found).and_then(|phase| phase.language) {
            weights[language] *= LANGUAGE_IN_PHASE;
        }
        self.random.weighted_index(&weights)
    }

    fn title(&mut self, language: usize) -> String {
        self.titles[language].next(self.random)
    }

    /// A random artist of this language who was active in this year, or else the one with the nearest peak year.
    fn artist(&mut self, language: usize, year: i32) -> usize {
        let artists = self.catalogue.artists.iter().enumerate();
        artists
            .filter(|(_, artist)| artist.language == language)
            .min_by_key(|(_, artist)| {
                let years_apart = artist.peak_year.abs_diff(year).max(ACTIVE_YEARS);
                (years_apart, self.random.next_u64())
            })
            .map(|(index, _)| index)
            .expect("every language has artists")
    }

    /// A random day of the year, but not after the day on which the album is found.
    fn release_day(&mut self, year: i32, found: NaiveDate) -> NaiveDate {
        let new_year = day(year, 1, 1);
        let days = (found.min(day(year, 12, 31)) - new_year).num_days() as usize;
        new_year + Days::new(self.random.below(days + 1) as u64)
    }

    /// The first song is found on the given day, and the others within weeks after it.
    fn add_songs(&mut self, album: &Album, titles: Vec<String>, found: NaiveDate) {
        let first_number = 1 + self.random.below(album.total_tracks + 1 - titles.len());
        for (index, title) in titles.into_iter().enumerate() {
            let guest = self.guest(album.artist);
            let days_later = index * 3 + self.random.below(1 + index * 9);
            let song = Song {
                title: self.version(title, guest, album.released),
                album: self.catalogue.albums.len(),
                guest,
                track_number: first_number + index,
                found: LAST_DAY.min(found + Days::new(days_later as u64)),
            };
            self.catalogue.songs.push(song);
        }
    }

    fn guest(&mut self, artist: usize) -> Option<usize> {
        if !self.random.happens(9) {
            return None;
        }
        let guest = self.random.below(self.catalogue.artists.len());
        (guest != artist).then_some(guest)
    }

    /// Some titles name the guest, or which recording it is.
    fn version(&mut self, title: String, guest: Option<usize>, released: NaiveDate) -> String {
        if let Some(guest) = guest {
            return format!("{title} (feat. {})", self.catalogue.artists[guest].name);
        }
        match self.random.below(80) {
            0 => format!("{title} (Dusk Version)"),
            1 => format!("{title} - Live at the Ferry Hall"),
            2 => format!("{title} (Reprise)"),
            3..20 if released < day(1995, 1, 1) => format!("{title} - Remastered"),
            _ => title,
        }
    }
}
