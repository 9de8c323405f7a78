//! The tables as SeaORM entities, one file each, and the expressions that read a payload.
//!
//! Shape and relations only; queries live with the features that ask them. The enumerations are also
//! schemas of the API: one word per idea, in the column, in JSON and on a page.

pub mod api_token;
pub mod authorization;
pub mod capture;
pub mod connection;
pub mod lease;
pub mod log_entry;
pub mod notice;
pub mod owner;
pub mod pause;
pub mod payload;
pub mod session;
pub mod set_up_token;
pub mod snapshot;
pub mod track;
