//! HTTP for both kits, JSON and HTML: the bodies of requests, content coding, and the cache of responses.

pub mod body;
pub mod coding;
mod kept;

pub use kept::{ResponseCache, constant, kept, kept_page};
