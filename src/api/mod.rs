//! The JSON kit: bodies, parameters, pages of a listing, and problems. It knows no feature.

pub mod body;
pub mod cursor;
pub mod day;
pub mod json;
pub mod problem;
pub mod table;
