//! Tracks as they are read from the provider's objects, and the rule for which of two is kept.

use super::{Refusal, Tree, json};
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use std::cmp::Ordering;

const MAX_ID: usize = 64;
const MAX_NAME: usize = 1024;

/// The columns of a track that are written; the database derives the others from the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub track_id: String,
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// When the payload was seen at the provider. The object itself does not say.
    pub payload_at: Option<DateTime<Utc>>,
    /// The provider's object. A client or another program may write a track without one.
    pub payload: Option<Payload>,
}

/// A JSON object in canonical form, as text: both engines accept that, and it needs less memory
/// than a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    pub text: String,
    /// The provider sometimes sends a placeholder for every album: no id, release date `"0000"`.
    pub degraded: bool,
}

impl Track {
    /// The payload's text.
    pub fn text(&self) -> Option<&str> {
        self.payload.as_ref().map(|payload| payload.text.as_str())
    }

    pub fn is_degraded(&self) -> bool {
        let payload = self.payload.as_ref();
        payload.is_some_and(|payload| payload.degraded)
    }

    /// Whether this payload replaces the kept one: any payload replaces none, a good one a
    /// degraded one, then a dated one an undated one and a newer one an older one. An undated
    /// payload replaces another undated one. Of two with the same time the greater text wins, so
    /// that the result does not depend on the order in which they come.
    pub fn supersedes(&self, kept: &Self) -> bool {
        let quality = |track: &Self| (track.payload.is_some(), !track.is_degraded());
        let (ours, theirs) = (quality(self), quality(kept));
        if ours != theirs {
            return ours > theirs;
        }
        match self.payload_at.cmp(&kept.payload_at) {
            Ordering::Equal => self.payload_at.is_none() || self.text() > kept.text(),
            order => order.is_gt(),
        }
    }
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

/// Reads one track object from its text.
pub fn track(text: &RawValue) -> Result<Track, Refusal> {
    track_of(&json(text.get())?)
}

/// Reads one track object that [`json()`] has parsed.
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
    let url = |urls: &Tree| urls.get("spotify")?.as_str().map(Into::into);
    Ok(Track {
        track_id: id(tree)?,
        name: name(tree.get("name"), "name")?,
        artist_name: name(artist.get("name"), "artists[0].name")?,
        album_name: album_name(tree)?,
        duration_ms: tree.get("duration_ms").and_then(length_ms),
        spotify_url: tree.get("external_urls").and_then(url),
        payload_at: None,
        payload: Some(Payload::from(tree)),
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

/// A name may be empty: the provider sends it so after a takedown.
fn name(value: Option<&Tree>, path: &str) -> Result<String, Refusal> {
    let name = required_text(value, path)?;
    if name.chars().count() > MAX_NAME {
        let reason = format!("must have at most {MAX_NAME} characters");
        return Err(Refusal::new(path, reason));
    }
    Ok(name.into())
}

/// A whole number of milliseconds that fits into the column.
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
