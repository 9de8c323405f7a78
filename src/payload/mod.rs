//! The provider's track object: what we accept, what we keep, and which of two we keep.
//!
//! [`json()`] is the door, [`track`] what a track needs, [`Seen::beats`] decides between two;
//! [`body`] reads what clients write.

pub mod body;
mod fold;
mod json;
mod refusal;
mod tree;

pub use fold::folded;
pub use json::{canonical, json, too_large};
pub use refusal::Refusal;
pub use tree::Tree;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::value::RawValue;

pub const MAX_BYTES: usize = 256 * 1024;
const MAX_ID: usize = 64;
const MAX_NAME: usize = 1024;
/// The longest list that was ever seen has 3,654 tracks.
pub const LONGEST_LIST: usize = 10_000;

/// A track as the store takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub track_id: String,
    pub columns: Columns,
    pub payload: Payload,
}

/// What people read of a track, beside its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
}

/// Reads one track object from its text.
pub fn track(text: &RawValue) -> Result<Track, Refusal> {
    track_of(&json(text.get())?)
}

/// Reads one track object that [`json()`] has accepted.
pub fn track_of(tree: &Tree) -> Result<Track, Refusal> {
    if !matches!(tree, Tree::Object(_)) {
        return Err(Refusal::not_a("", "a track object", tree));
    }
    if tree.get("is_local") == Some(&Tree::Bool(true)) {
        return Err(Refusal::new("id", "a local file has no provider id"));
    }
    match tree.get("type").and_then(Tree::as_str) {
        None | Some("track") => {}
        Some(other) => {
            let reason = format!("this is of type {other}; only tracks are kept");
            return Err(Refusal::new("type", reason));
        }
    }
    let artist = first_artist(tree)?;
    Ok(Track {
        track_id: id(tree)?,
        columns: Columns {
            name: name(tree.get("name"), "name")?,
            artist_name: name(artist.get("name"), "artists[0].name")?,
            album_name: album_name(tree)?,
            duration_ms: tree.get("duration_ms").and_then(length_ms),
            spotify_url: tree
                .get("external_urls")
                .and_then(|urls| urls.get("spotify")?.as_str().map(Into::into)),
        },
        payload: Payload::from(tree),
    })
}

fn id(track: &Tree) -> Result<String, Refusal> {
    let id = required_text(track.get("id"), "id")?;
    if id.is_empty() || id.chars().count() > MAX_ID {
        let reason = format!("must have 1 to {MAX_ID} characters");
        return Err(Refusal::new("id", reason));
    }
    Ok(id.into())
}

fn first_artist<'a, 'b>(track: &'b Tree<'a>) -> Result<&'b Tree<'a>, Refusal> {
    track
        .get("artists")
        .and_then(Tree::as_array)
        .ok_or_else(|| Refusal::new("artists", "a list of artists was expected"))?
        .first()
        .filter(|artist| matches!(artist, Tree::Object(_)))
        .ok_or_else(|| Refusal::new("artists[0]", "an artist was expected"))
}

fn album_name(track: &Tree) -> Result<Option<String>, Refusal> {
    match track.get("album").and_then(|album| album.get("name")) {
        Some(text @ Tree::String(_)) => name(Some(text), "album.name").map(Some),
        _ => Ok(None),
    }
}

/// An empty name is kept: the provider sends it after a takedown.
fn name(value: Option<&Tree>, path: &str) -> Result<String, Refusal> {
    let name = required_text(value, path)?;
    if name.chars().count() > MAX_NAME {
        let reason = format!("must have at most {MAX_NAME} characters");
        return Err(Refusal::new(path, reason));
    }
    Ok(name.into())
}

/// A whole number of milliseconds that the column can hold.
fn length_ms(value: &Tree) -> Option<i32> {
    let length = i32::try_from(value.as_i64()?).ok()?;
    (length >= 0).then_some(length)
}

fn required_text<'a>(value: Option<&'a Tree>, path: &str) -> Result<&'a str, Refusal> {
    match value {
        Some(Tree::String(text)) => Ok(text),
        None => Err(Refusal::new(path, "is missing")),
        Some(other) => Err(Refusal::not_a(path, "a string", other)),
    }
}

/// What is kept of a provider's object: its JSON in one form, as text, because text is what both
/// engines take and what is cheap to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    pub text: String,
    /// The provider sometimes answers with every album a placeholder: no id, released in `"0000"`.
    pub degraded: bool,
}

impl From<&Tree<'_>> for Payload {
    fn from(tree: &Tree) -> Self {
        let album = |member| tree.get("album").and_then(|album| album.get(member));
        Self {
            text: serde_json::to_string(tree).expect("a JSON value has a text"),
            degraded: album("id") == Some(&Tree::Null)
                && album("release_date").and_then(Tree::as_str) == Some("0000"),
        }
    }
}

/// A payload and when it was seen at the provider.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub payload: Option<&'a Payload>,
    pub at: Option<DateTime<Utc>>,
}

impl Seen<'_> {
    /// Whether this payload takes the place of the one kept: any beats none, a good one a
    /// placeholder, a dated one an undated, the newer the older. Among undated ones the later
    /// to come wins. Of two that were seen at the same moment the text decides, so that the
    /// order in which they came does not.
    pub fn beats(self, kept: Seen) -> bool {
        let worth = |seen: Seen| seen.payload.map(|payload| !payload.degraded);
        let (ours, theirs) = (worth(self), worth(kept));
        if ours != theirs {
            return ours > theirs;
        }
        match (self.at, kept.at) {
            (Some(ours), Some(theirs)) if ours == theirs => {
                self.payload.map(|payload| &payload.text)
                    > kept.payload.map(|payload| &payload.text)
            }
            (ours, theirs) => ours >= theirs,
        }
    }
}

/// Refuses the later pages of a list: only the first page is taken for the whole list. `offset` is
/// the member of the provider's paging object.
pub fn first_page(offset: Option<&RawValue>) -> Result<(), Refusal> {
    let is_first = match offset.map(|offset| json(offset.get())) {
        None | Some(Ok(Tree::Null)) => true,
        Some(Ok(Tree::Number(number))) => number.as_f64() == Some(0.0),
        Some(_) => false,
    };
    is_first.then_some(()).ok_or_else(|| {
        let reason = "must be 0; a later page of a list is not the whole list";
        Refusal::new("offset", reason)
    })
}

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 12, 31).expect("a day");

/// A day of the calendar, from 1900-01-01 to 2100-12-31, in these ten characters.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    let date: NaiveDate = text
        .parse()
        .ok()
        .filter(|date: &NaiveDate| date.to_string() == text)
        .ok_or("a day of the calendar was expected, as in 2026-03-01")?;
    match (FIRST_DAY..=LAST_DAY).contains(&date) {
        true => Ok(date),
        false => Err("the day must lie between 1900-01-01 and 2100-12-31".into()),
    }
}
