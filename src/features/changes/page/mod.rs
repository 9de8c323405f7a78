//! Parts of pages that show how lists changed: the rows of a list with their movement.

mod ranking;

pub use ranking::ranking;
