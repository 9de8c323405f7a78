//! The import command: lists and tracks from files.

mod account;
mod first_page;
mod killed;
mod lists;
mod many;
mod nestings;
mod order;
mod precedence;
mod refusals;
mod seen_again;
mod unranked;
