//! Music Time Machine: ranked lists in, answers about them out.
//!
//! The way of the data: [`import`] → [`payload`] → [`store`] → tables → the slices
//! ([`dashboard`], [`releases`], [`tracks`], [`snapshots`], [`captures`]), which [`web`] serves.

mod captures;
pub mod config;
mod dashboard;
pub mod db;
mod demo;
mod error;
pub mod import;
mod payload;
mod releases;
mod snapshots;
mod store;
pub mod stress;
mod tracks;
pub mod web;
