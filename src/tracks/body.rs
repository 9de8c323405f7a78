//! A track as clients write it.

use crate::payload::{self, Refusal, Track};
use crate::web::body::Shape;
use poem_openapi::Object;
use poem_openapi::types::{Any, Example};
use serde_json::Value;

/// A track to put. Of duplicate keys the last counts, in the payload too.
#[derive(Clone, Debug, Object)]
#[oai(example, deny_unknown_fields, skip_serializing_if_is_none)]
pub struct TrackBody {
    /// May be empty: the provider sends it so after a takedown.
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
    /// The provider's track object, an object of at most 256 KiB and 64 levels. It comes back
    /// equal as JSON. Refused, with the path of the field, is what cannot be held: U+0000, lone
    /// surrogates, integers beyond 64 bits, numbers beyond a double.
    raw_json: Option<Any<Value>>,
}

impl Shape for TrackBody {
    type Read = Track;

    fn read(text: &str) -> Result<Self::Read, Refusal> {
        payload::body::track(text)
    }
}

impl Example for TrackBody {
    fn example() -> Self {
        let track = super::query::Track::example();
        Self {
            name: track.name,
            artist_name: track.artist_name,
            album_name: track.album_name,
            duration_ms: track.duration_ms,
            spotify_url: track.spotify_url,
            raw_json: track.raw_json,
        }
    }
}
