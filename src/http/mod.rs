//! HTTP for both kits, JSON and HTML: the bodies of requests, content coding, and the cache of responses.

pub mod body;
mod cache;
pub mod coding;
mod cookie;
mod policy;

pub use cache::{LibraryVersion, ResponseCache, constant, kept, kept_page};
pub use cookie::{cookie, set_cookie};
pub use policy::{POLICY, policy_with_forms_to};
