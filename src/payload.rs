//! The provider's track object: what we accept, what we keep, and which of two we keep.
//!
//! A payload is kept exactly. What one of the engines could not give back as it came is refused
//! here, with the path of the field.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

pub const MAX_BYTES: usize = 256 * 1024;
pub const MAX_DEPTH: usize = 64;
pub const MAX_ID: usize = 64;
pub const MAX_NAME: usize = 1024;
/// Characters of a folded name that are kept to search in.
pub const MAX_FOLDED: usize = 200;

/// A track as the store takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    pub track_id: String,
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    pub raw_json: Option<Value>,
}

/// Why something is not accepted: the path of the field at fault, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Refusal {
    pub path: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }

    fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The same refusal, seen from where the object stands: `name` in `items[3]` is `items[3].name`.
    pub fn within(mut self, place: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => place.into(),
            path if path.starts_with('[') => format!("{place}{path}"),
            path => format!("{place}.{path}"),
        };
        self
    }
}

/// Reads one track object from its text.
pub fn track(text: &RawValue) -> Result<Track, Refusal> {
    track_of(json(text.get())?)
}

/// Reads one track object that [`json`] has accepted.
pub fn track_of(value: Value) -> Result<Track, Refusal> {
    let object = value
        .as_object()
        .ok_or_else(|| Refusal::new("", "a track object was expected"))?;
    if object.get("is_local") == Some(&Value::Bool(true)) {
        return Err(Refusal::new("id", "a local file has no provider id"));
    }
    match object.get("type").and_then(Value::as_str) {
        None | Some("track") => {}
        Some(other) => {
            let reason = format!("this is of type {other}; only tracks are kept");
            return Err(Refusal::new("type", reason));
        }
    }
    let artist = first_artist(object)?;
    Ok(Track {
        track_id: id(object)?,
        name: name(object.get("name"), "name")?,
        artist_name: name(artist.get("name"), "artists[0].name")?,
        album_name: album_name(object)?,
        duration_ms: object
            .get("duration_ms")
            .and_then(Value::as_i64)
            .and_then(|length| i32::try_from(length).ok())
            .filter(|length| *length >= 0),
        spotify_url: object
            .get("external_urls")
            .and_then(|urls| urls.get("spotify")?.as_str().map(Into::into)),
        raw_json: Some(value),
    })
}

fn id(object: &Map<String, Value>) -> Result<String, Refusal> {
    let id = required_text(object.get("id"), "id")?;
    if id.is_empty() || id.chars().count() > MAX_ID {
        let reason = format!("must have 1 to {MAX_ID} characters");
        return Err(Refusal::new("id", reason));
    }
    Ok(id.into())
}

fn first_artist(object: &Map<String, Value>) -> Result<&Map<String, Value>, Refusal> {
    object
        .get("artists")
        .and_then(Value::as_array)
        .ok_or_else(|| Refusal::new("artists", "a list of artists was expected"))?
        .first()
        .and_then(Value::as_object)
        .ok_or_else(|| Refusal::new("artists[0]", "an artist was expected"))
}

fn album_name(object: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    match object.get("album").and_then(|album| album.get("name")) {
        Some(text @ Value::String(_)) => name(Some(text), "album.name").map(Some),
        _ => Ok(None),
    }
}

/// An empty name is kept: the provider sends it after a takedown.
fn name(value: Option<&Value>, path: &str) -> Result<String, Refusal> {
    let name = required_text(value, path)?;
    if name.chars().count() > MAX_NAME {
        let reason = format!("must have at most {MAX_NAME} characters");
        return Err(Refusal::new(path, reason));
    }
    Ok(name.into())
}

fn required_text<'a>(value: Option<&'a Value>, path: &str) -> Result<&'a str, Refusal> {
    match value {
        Some(Value::String(text)) => Ok(text),
        None => Err(Refusal::new(path, "is missing")),
        Some(other) => {
            let reason = format!("a string was expected, not {}", kind(other));
            Err(Refusal::new(path, reason))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Parses JSON that both engines give back as it came: sorted keys, one form of each number.
pub fn json(text: &str) -> Result<Value, Refusal> {
    if text.len() > MAX_BYTES {
        let reason = format!("is larger than {} KiB", MAX_BYTES / 1024);
        return Err(Refusal::new("", reason));
    }
    let mut value: Value = serde_json::from_str(text).map_err(|_| not_json(text))?;
    let suspect = settle(&mut value, 1)?;
    if suspect {
        let raw = serde_json::from_str(text).expect("the text was parsed a moment ago");
        numbers_fit(raw)?;
    }
    Ok(value)
}

/// A kept payload in the form in which it is answered, also when another program inserted it.
pub fn settled(mut value: Value) -> Value {
    // What cannot be held in it is refused on its way in, and only there.
    let _ = settle(&mut value, 1);
    value
}

/// Says where the text stops being JSON that can be held.
fn not_json(text: &str) -> Refusal {
    let mut parser = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, Value>(&mut parser) {
        Err(error) => {
            let path = error.path().to_string();
            let reason = format!("not JSON that can be kept: {}", error.inner());
            Refusal::new(if path == "." { "" } else { &path }, reason)
        }
        Ok(_) => Refusal::new("", "text after the end of the JSON value"),
    }
}

/// Gives every number its one form and refuses what cannot be held. `true` when there is a number
/// of which only its text tells whether it came through whole.
fn settle(value: &mut Value, depth: usize) -> Result<bool, Refusal> {
    let mut suspect = false;
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::String(text) => no_nul(text)?,
        Value::Number(number) => suspect = one_form(number),
        Value::Array(_) | Value::Object(_) if depth > MAX_DEPTH => {
            let reason = format!("is nested deeper than {MAX_DEPTH} levels");
            return Err(Refusal::new("", reason));
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                suspect |= settle(item, depth + 1).map_err(|refusal| refusal.at(index))?;
            }
        }
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                suspect |= no_nul(key)
                    .and_then(|()| settle(member, depth + 1))
                    .map_err(|refusal| refusal.within(key))?;
            }
        }
    }
    Ok(suspect)
}

fn no_nul(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new("", "contains the character U+0000"));
    }
    Ok(())
}

/// A double that is a whole number becomes that integer, as PostgreSQL gives it back.
fn one_form(number: &mut Number) -> bool {
    const LEAST: f64 = -9_223_372_036_854_775_808.0;
    let Some(double) = number.as_f64().filter(|_| number.is_f64()) else {
        return false;
    };
    if double.fract() != 0.0 {
        return false;
    }
    // The bounds are powers of two, so that they are exact as doubles.
    if (LEAST..-LEAST).contains(&double) {
        *number = Number::from(double as i64);
        return double == LEAST || double == 0.0;
    }
    if (0.0..-2.0 * LEAST).contains(&double) {
        *number = Number::from(double as u64);
        return false;
    }
    true
}

/// Refuses integers beyond 64 bits and fractions too small for a double: serde_json has rounded them.
fn numbers_fit(raw: &RawValue) -> Result<(), Refusal> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> =
                serde_json::from_str(text).expect("an object was parsed a moment ago");
            members
                .iter()
                .try_for_each(|(key, raw)| numbers_fit(raw).map_err(|refusal| refusal.within(key)))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> =
                serde_json::from_str(text).expect("a list was parsed a moment ago");
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, raw)| numbers_fit(raw).map_err(|refusal| refusal.at(index)))
        }
        Some(b'-' | b'0'..=b'9') => number_fits(text),
        _ => Ok(()),
    }
}

fn number_fits(text: &str) -> Result<(), Refusal> {
    if !text.contains(['.', 'e', 'E']) {
        return match text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
            true => Ok(()),
            false => Err(Refusal::new("", "is an integer beyond 64 bits")),
        };
    }
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    if text.parse() == Ok(0.0) && digits.contains(|digit| matches!(digit, '1'..='9')) {
        return Err(Refusal::new("", "is a number too small for a double"));
    }
    Ok(())
}

/// The provider sometimes answers with every album a placeholder: no id, released in `"0000"`.
pub fn is_degraded(raw_json: Option<&Value>) -> bool {
    let Some(Value::Object(album)) = raw_json.and_then(|payload| payload.get("album")) else {
        return false;
    };
    album.get("id") == Some(&Value::Null)
        && album.get("release_date").and_then(Value::as_str) == Some("0000")
}

/// A payload and when it was seen at the provider.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub raw_json: Option<&'a Value>,
    pub at: Option<DateTime<Utc>>,
}

impl Seen<'_> {
    /// Whether this payload takes the place of the one kept: any beats none, a good one a
    /// placeholder, a dated one an undated, the newer the older. Among undated ones the later
    /// to come wins. Of two that were seen at the same moment the text decides, so that the
    /// order in which they came does not.
    pub fn beats(self, kept: Seen) -> bool {
        let worth = |seen: Seen| (seen.raw_json.is_some(), !is_degraded(seen.raw_json));
        let (ours, theirs) = (worth(self), worth(kept));
        if ours != theirs {
            return ours > theirs;
        }
        match (self.at, kept.at) {
            (Some(ours), Some(theirs)) if ours == theirs => {
                self.raw_json != kept.raw_json
                    && self.raw_json.map(Value::to_string) > kept.raw_json.map(Value::to_string)
            }
            (ours, theirs) => ours >= theirs,
        }
    }
}

/// A name as it is searched for: folded by Unicode's rules, so that both engines find the same.
pub fn fold(name: &str) -> String {
    let folded = unicase::UniCase::unicode(name).to_folded_case();
    folded.chars().take(MAX_FOLDED).collect()
}
