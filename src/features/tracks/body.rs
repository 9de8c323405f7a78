//! The body of `put_track`.

use super::query::Track;
use crate::api::body::{self, RequestBody};
use crate::payload::{self, Payload, Refusal, Tree};
use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use poem_openapi::types::{Any, Example};
use serde_json::Value;
use std::sync::LazyLock;

/// A track to put. Of duplicate keys the last counts, in the payload too.
#[derive(Clone, Debug, Object)]
#[oai(example, skip_serializing_if_is_none)]
pub struct TrackBody {
    /// May be empty: the provider sends an empty name after a takedown.
    #[oai(validator(max_length = 1024))]
    name: String,
    #[oai(validator(max_length = 1024))]
    artist_name: String,
    #[oai(validator(max_length = 1024))]
    album_name: Option<String>,
    #[oai(validator(minimum(value = "0")))]
    duration_ms: Option<i32>,
    #[oai(validator(max_length = 2048))]
    spotify_url: Option<String>,
    /// The provider's track object, of at most 256 KiB and 64 levels. It is returned equal as JSON.
    /// Values that cannot be stored are refused with the path of the field: U+0000, lone surrogates, integers
    /// beyond 64 bits, numbers beyond a double.
    raw_json: Option<Any<Value>>,
}

static SCHEMA: LazyLock<MetaSchema> = LazyLock::new(TrackBody::schema);

impl RequestBody for TrackBody {
    /// Without an id: the path of the request has it.
    type Read = payload::Track;

    fn read(text: &str) -> Result<Self::Read, Refusal> {
        let mut members = body::members(text, &SCHEMA)?;
        let payload = match members.remove("raw_json") {
            None => None,
            Some(object @ Tree::Object(_)) => Some(Payload::from(&object)),
            Some(other) => return Err(Refusal::not_a("raw_json", "a track object", &other)),
        };
        let duration_ms = members.remove("duration_ms");
        let mut text = |key| match members.remove(key) {
            Some(Tree::String(text)) => Some(text.into_owned()),
            _ => None,
        };
        Ok(payload::Track {
            track_id: String::new(),
            name: text("name").unwrap_or_default(),
            artist_name: text("artist_name").unwrap_or_default(),
            album_name: text("album_name"),
            spotify_url: text("spotify_url"),
            duration_ms: duration_ms.and_then(|value| i32::try_from(value.as_i64()?).ok()),
            payload_at: None,
            payload,
        })
    }
}

impl Example for TrackBody {
    fn example() -> Self {
        let Track {
            summary, raw_json, ..
        } = Track::example();
        Self {
            name: summary.name,
            artist_name: summary.artist_name,
            album_name: summary.album_name,
            duration_ms: summary.duration_ms,
            spotify_url: summary.spotify_url,
            raw_json,
        }
    }
}
