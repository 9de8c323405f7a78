//! Writes: their effects, their responses and their errors.

mod alike;
mod deletions;
mod lists;
mod overlap;
mod ranks;
mod refused_lists;
mod script;
mod tracks;
