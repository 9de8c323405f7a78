//! The program as a process: its commands, its settings, its start and stop.

mod documents;
mod migrations;
mod process;
mod settings;
