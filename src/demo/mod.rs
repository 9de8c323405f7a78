//! The sample library: made up, the same on every start of one day, and large enough to fill every page.
//!
//! [`fill`] writes tracks, lists and attempts to an empty database, [`cover`] draws the pictures that the payloads name.

mod catalogue;
mod covers;
mod days;
mod discovery;
mod fill;
mod library;
mod listener;
mod names;
mod oddities;
mod phases;
mod random;
mod titles;
mod tracks;
mod years;

#[cfg(test)]
mod tests;

pub use covers::cover;
pub use fill::fill;
