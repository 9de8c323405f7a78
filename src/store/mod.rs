//! The only writer of tracks, snapshots and captures. What it is given it writes in one fixed
//! order and inside the caller's transaction.

mod lists;
mod tracks;

pub use lists::{kept_since, place, record, replace_list};
pub use tracks::{Kept, Sighting, keep_tracks};

/// Rows in one statement: both engines bound the parameters of a statement.
const CHUNK: usize = 500;
