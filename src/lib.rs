//! Music Time Machine: ranked lists in, answers about them out.
//!
//! The way of the data: [`import`] → [`payload`] → [`store`] → tables → the slices
//! ([`dashboard`], [`releases`], [`tracks`], [`snapshots`]), which [`web`] serves.

pub mod config;
pub mod dashboard;
pub mod db;
pub mod demo;
pub mod error;
pub mod import;
pub mod payload;
pub mod releases;
pub mod snapshots;
pub mod store;
pub mod tracks;
pub mod web;
