//! The HTML kit: the frame of a page, the parts that pages share, and assets. It knows no feature.

pub mod assets;
pub mod components;
pub mod controls;
mod error_page;
pub mod layout;

pub use error_page::error_page;
