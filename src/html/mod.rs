//! The HTML kit: the frame of a page, the parts that pages share, and assets. It knows no feature.

pub mod assets;
pub mod components;
pub mod controls;
mod error_page;
pub mod layout;
pub mod time_axis;

pub use error_page::{error_page, not_found};
