//! The sample library: made up, the same on every start of one day, and large enough to fill every page.
//!
//! [`spotify`] is a made-up provider. [`fill`] writes tracks, lists and attempts to an empty database, [`cover`] draws the pictures that the payloads name.

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
pub mod spotify;
mod titles;
mod tracks;
mod years;

#[cfg(test)]
mod tests;

pub use covers::cover;
pub use fill::fill;
