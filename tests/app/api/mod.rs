//! The HTTP interface, one file per slice.

mod addresses;
mod bodies;
mod captures;
mod counts;
mod distributions;
mod http;
mod search;
mod snapshots;
mod tracks;
mod writes;
