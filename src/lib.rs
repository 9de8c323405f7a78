//! Music Time Machine: ranked lists in, answers about them out.
//!
//! The data flows from [`spotify`] and [`import`] through [`payload`] and [`store`] into the tables, and from there
//! through the queries of the [`features`], which [`web`] serves. A module imports only those above it in this list.

pub mod config;

pub mod clock;

mod error;

pub mod secrets;

pub mod db;

mod payload;

mod store;

pub use store::connection;

pub mod owner;

pub mod archive;

pub mod import;

pub mod spotify;

pub mod capture;

pub mod stress;

pub mod demo;

mod http;

mod api;

mod html;

mod features;

pub use features::connection::check_connection;

pub mod web;
