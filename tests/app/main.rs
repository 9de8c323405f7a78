//! End-to-end tests: real routes, real files and a real database, on both engines.

mod api;
mod artists;
mod browser;
mod changes;
mod commands;
mod corpus;
mod demo;
mod edits;
mod engines;
mod evolution;
mod faults;
mod freshness;
mod gems;
mod harness;
mod hostile;
mod import;
mod lists;
mod on_this_day;
mod payload;
mod real_data;
mod search;
mod seed;
mod strip;
mod structure;
mod time_machine;
mod walk;
