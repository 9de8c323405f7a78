//! Made-up names: artists, and the words that titles are put together from, in each language of the library.
//!
//! Written as `one / two / three`, which stays readable where a list of literals would fill pages.

mod east;
mod english;
mod europe;

pub struct Tongue {
    /// How many albums are in it, beside the others.
    pub weight: f64,
    pub artists: &'static str,
    /// Titles that are used as they stand, once each.
    pub written: &'static str,
    /// Openings and endings: any opening goes with any ending of the same pair.
    pub pairs: &'static [(&'static str, &'static str)],
    /// What stands between an opening and an ending.
    pub joint: &'static str,
}

/// The place of Japanese in [`TONGUES`], for the months when little else was played.
pub const JAPANESE: usize = 9;
/// Likewise of Spanish.
pub const SPANISH: usize = 1;

pub const TONGUES: [&Tongue; 20] = [
    &english::ENGLISH,
    &europe::SPANISH,
    &europe::FRENCH,
    &europe::GERMAN,
    &europe::PORTUGUESE,
    &europe::SWEDISH,
    &europe::ICELANDIC,
    &europe::POLISH,
    &europe::TURKISH,
    &east::JAPANESE,
    &east::KOREAN,
    &east::CHINESE,
    &east::ARABIC,
    &east::HEBREW,
    &east::RUSSIAN,
    &east::GREEK,
    &east::THAI,
    &east::HINDI,
    &east::GEORGIAN,
    &east::VIETNAMESE,
];

pub fn each(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(" / ")
}
