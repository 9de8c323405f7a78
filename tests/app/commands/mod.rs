//! The program as a process: its commands, its settings, its start and its end.

mod documents;
mod migrations;
mod process;
mod settings;
