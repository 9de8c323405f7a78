//! The rooms of the API, as the document groups its operations.

use poem_openapi::Tags;

#[derive(Tags)]
pub enum Tag {
    /// What is kept
    Library,
    /// When the music came out, and how much of it is explicit
    Releases,
    /// Tracks with their payloads
    Tracks,
    /// Ranked lists by day and time range
    Snapshots,
    /// The ledger: every attempt to take a list, and how it ended
    Captures,
}
