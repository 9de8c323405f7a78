//! The only writer of tracks, snapshots and captures: every way in ends here.
//!
//! [`tracks`] keeps payloads, [`lists`] ranked lists, [`ranks`] single ranks on them, [`captures`]
//! the ledger. Rows are written in one fixed order, whoever writes them, and many in a statement;
//! those that would not change are left alone.

mod captures;
mod lists;
mod ranks;
mod tracks;

pub use captures::{Attempt, kept_since, record};
pub use lists::{
    ListChange, Ranking, delete_list, no_list, place, put_list, ranking, refuse_list, replace_list,
};
pub use ranks::put_snapshot;
pub use tracks::{Kept, Sighting, delete_track, keep_tracks, no_track, offer, put_track};

/// Rows in one statement: both engines bound the parameters of a statement.
const CHUNK: usize = 500;
