//! The only writer of tracks, snapshots, captures, the connection and the owner, and the reads that a write depends on.
//!
//! [`tracks`] writes tracks, [`lists`] whole lists, [`ranks`] single ranks and [`captures`] the
//! ledger; [`library`] clears all of them; [`connection`] keeps the consent and its tokens, [`owner`] the password,
//! sessions, tokens and log. All writers of the library write rows in
//! the order of their keys, many in one statement. A row that would not change is not written.

mod captures;
pub mod connection;
mod library;
mod lists;
pub mod owner;
mod ranks;
mod tracks;

pub use captures::{Attempt, add_captures, last_captured, record};
pub use library::clear_library;
pub use lists::{
    Incoming, ListChange, Ranking, delete_list, keep_list, list_failed, no_list, ranking,
    replace_list,
};
pub use ranks::{put_ranks, put_snapshot};
pub use tracks::{Change, add_track, delete_track, keep_tracks, known, no_track, put_track};

/// Rows in one statement. Both engines limit the number of its parameters.
const CHUNK: usize = 500;
