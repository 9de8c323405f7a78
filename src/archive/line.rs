//! The lines of an archive. Each is a JSON object with one member, which names what the line holds:
//!
//! ```text
//! {"archive":{"of":"music-time-machine","version":1}}
//! {"track":{"track_id":"…","name":"…",…,"payload_at":"2026-03-01T06:00:00.123456Z","raw_json":{…}}}
//! {"capture":{"snapshot_date":"2026-03-01","time_range":"short_term","captured_at":"…","source":"spotify",…}}
//! {"list":{"snapshot_date":"2026-03-01","time_range":"short_term","items":[{"rank":1,"track_id":"…"},…]}}
//! {"end":{"track_count":1284,"list_count":3213,"capture_count":3240}}
//! ```
//!
//! Tracks come in the order of their ids. Then come the days: of each time range its entries of the ledger and its list, if
//! it has one. Members without a value are left out. An archive without its last line is not whole.

use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The value of [`Header::of`].
pub const PROGRAM: &str = "music-time-machine";
/// The version of these shapes.
pub const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Archive(Header),
    Track(Track),
    Capture(Capture),
    List(List),
    End(Counts),
}

/// The first line.
#[derive(Serialize, Deserialize)]
pub struct Header {
    pub of: String,
    pub version: u32,
}

/// The columns of a track. The others follow from the payload.
#[derive(Serialize, Deserialize)]
pub struct Track {
    pub track_id: String,
    pub name: String,
    pub artist_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spotify_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_at: Option<DateTime<Utc>>,
    /// The provider's object. JSON null is a value, too.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "value"
    )]
    pub raw_json: Option<Box<RawValue>>,
}

/// A row of the ledger.
#[derive(Serialize, Deserialize)]
pub struct Capture {
    pub snapshot_date: NaiveDate,
    #[serde(with = "word")]
    pub time_range: TimeRange,
    pub captured_at: DateTime<Utc>,
    pub source: String,
    #[serde(with = "word")]
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub track_count: i32,
    pub attempt_count: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attempt_at: Option<DateTime<Utc>>,
}

/// A whole list, by rank, then id. Ranks may have gaps and ties.
#[derive(Serialize, Deserialize)]
pub struct List {
    pub snapshot_date: NaiveDate,
    #[serde(with = "word")]
    pub time_range: TimeRange,
    pub items: Vec<Place>,
}

#[derive(Serialize, Deserialize)]
pub struct Place {
    pub rank: i32,
    pub track_id: String,
}

/// The numbers of lines, in the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub track_count: u64,
    pub list_count: u64,
    pub capture_count: u64,
}

impl Header {
    pub fn of_this_program() -> Self {
        Self {
            of: PROGRAM.into(),
            version: VERSION,
        }
    }

    /// The header in the first line of a file; `None` if it is no archive.
    pub fn read(line: &[u8]) -> Option<Self> {
        match serde_json::from_slice(line) {
            Ok(Line::Archive(header)) if header.of == PROGRAM => Some(header),
            _ => None,
        }
    }
}

impl Counts {
    /// Counts a line.
    pub fn add(&mut self, line: &Line) {
        match line {
            Line::Track(_) => self.track_count += 1,
            Line::Capture(_) => self.capture_count += 1,
            Line::List(_) => self.list_count += 1,
            Line::Archive(_) | Line::End(_) => {}
        }
    }
}

impl From<capture::Model> for Capture {
    fn from(row: capture::Model) -> Self {
        let capture::Model {
            snapshot_date,
            time_range,
            captured_at,
            source,
            outcome,
            reason,
            track_count,
            attempt_count,
            last_attempt_at,
        } = row;
        Self {
            snapshot_date,
            time_range,
            captured_at,
            source,
            outcome,
            reason,
            track_count,
            attempt_count,
            last_attempt_at,
        }
    }
}

impl From<Capture> for capture::Model {
    fn from(line: Capture) -> Self {
        Self {
            snapshot_date: line.snapshot_date,
            time_range: line.time_range,
            captured_at: line.captured_at,
            source: line.source,
            outcome: line.outcome,
            reason: line.reason,
            track_count: line.track_count,
            attempt_count: line.attempt_count,
            last_attempt_at: line.last_attempt_at,
        }
    }
}

/// A member that is present has a value, if only null.
fn value<'de, D: serde::Deserializer<'de>>(parser: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(parser).map(Some)
}

/// An enumeration by its word in the tables.
mod word {
    use sea_orm::ActiveEnum;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: ActiveEnum<Value = String>,
        S: Serializer,
    {
        serializer.serialize_str(&value.to_value())
    }

    pub fn deserialize<'de, T, D>(parser: D) -> Result<T, D::Error>
    where
        T: ActiveEnum<Value = String>,
        D: Deserializer<'de>,
    {
        let word = String::deserialize(parser)?;
        let unknown = |_| de::Error::custom(format!("the word {word:?} is not known here"));
        T::try_from_value(&word).map_err(unknown)
    }
}
