//! Writes: what each changes, what it answers, and what it refuses.

mod alike;
mod deletions;
mod lists;
mod overlap;
mod ranks;
mod refused_lists;
mod tracks;
