//! Made-up names of artists and parts of titles, in each language of the library.
//!
//! Lists are written as `one / two / three`, which is shorter than a list of string literals.

mod east;
mod english;
mod europe;

pub struct Language {
    /// How likely an album is in this language, relative to the other weights.
    pub weight: f64,
    pub artists: &'static str,
    /// Complete titles, each used once at most.
    pub titles: &'static str,
    /// Openings and endings of titles. Any opening goes with any ending of the same pair.
    pub pairs: &'static [(&'static str, &'static str)],
    /// Between an opening and an ending.
    pub separator: &'static str,
}

/// The index of Japanese in [`LANGUAGES`].
pub const JAPANESE: usize = 9;
/// The index of Spanish in [`LANGUAGES`].
pub const SPANISH: usize = 1;

pub const LANGUAGES: [&Language; 20] = [
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

/// The elements of a list that is written as `one / two / three`.
pub fn each(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(" / ")
}
