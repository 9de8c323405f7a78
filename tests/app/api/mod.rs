//! The HTTP API.

mod addresses;
mod bodies;
mod captures;
mod distributions;
mod host;
mod http;
mod odd_payloads;
mod search;
mod snapshots;
mod tables;
mod tracks;
mod writes;
