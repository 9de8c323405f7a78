//! Parts of pages that show how lists changed: the rows of a list with their movement, and the
//! panel that counts them.

mod panel;
mod ranking;

pub use panel::panel;
pub use ranking::ranking;
