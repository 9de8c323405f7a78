//! The HTTP interface, one file per slice.

mod distributions;
mod http;
mod search;
mod snapshots;
mod tracks;
