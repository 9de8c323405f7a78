//! The program as a user meets it: real routes, real files, a real database, on both engines.

mod api;
mod harness;
mod import;
mod payload;
