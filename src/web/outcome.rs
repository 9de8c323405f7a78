//! How taking a list ended, as clients read it.

pub use entity::capture::Outcome;
