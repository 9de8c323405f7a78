//! The tables as SeaORM entities, one file each, and the questions put to a payload.
//!
//! Shape and relations only: queries live with the slice that asks them.

pub mod capture;
pub mod payload;
pub mod release_count;
pub mod snapshot;
pub mod track;
