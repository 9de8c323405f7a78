//! New API tokens.

use super::caller::Scopes;
use super::log::Log;
use crate::config::Secret;
use crate::error::Result;
use crate::store::owner::{NewToken, create_token};
use chrono::TimeDelta;
use entity::api_token;
use entity::log_entry::Event;

/// The longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 80;
/// A token expires after so many days, unless something else is asked for.
pub const TOKEN_DAYS: i64 = 90;

/// Makes a token, and records it.
pub async fn new_token(
    log: &Log,
    name: String,
    scopes: &Scopes,
    expires_in_days: Option<i64>,
) -> Result<(api_token::Model, Secret)> {
    let now = log.now();
    let new = NewToken {
        name,
        scopes: scopes.join(" "),
        created_at: now,
        expires_at: expires_in_days.map(|days| now + TimeDelta::days(days)),
    };
    let created = create_token(log.database(), new).await?;
    let detail = format!("{}: {}", created.0.name, scopes.join(", "));
    log.record(Event::TokenCreated, &detail).await;
    Ok(created)
}
