//! Writes the owner's log.

use super::caller::Caller;
use super::caller::Scopes;
use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::store::owner::{Entry, NewToken, create_token, record_event};
use chrono::TimeDelta;
use entity::api_token;
use entity::log_entry::Event;

/// The longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 80;
/// A token expires after so many days, unless something else is asked for.
pub const TOKEN_DAYS: i64 = 90;

/// The log, for what one caller does.
#[derive(Clone, Copy)]
pub struct Log<'a> {
    database: &'a Database,
    clock: &'a Clock,
    /// `None`: a command.
    caller: Option<&'a Caller>,
}

impl<'a> Log<'a> {
    pub fn new(database: &'a Database, clock: &'a Clock, caller: &'a Caller) -> Self {
        Self {
            database,
            clock,
            caller: Some(caller),
        }
    }

    pub fn of_command(database: &'a Database, clock: &'a Clock) -> Self {
        Self {
            database,
            clock,
            caller: None,
        }
    }

    /// Records what was done. What was done stays done if the log cannot be written.
    pub async fn record(self, event: Event, detail: &str) {
        let address = self.caller.map(|caller| caller.address.to_string());
        let entry = Entry {
            at: self.clock.now(),
            event,
            detail,
            address: address.as_deref().unwrap_or_default(),
        };
        if let Err(cause) = record_event(self.database, entry).await {
            tracing::warn!(?event, detail, %cause, "an event could not be recorded in the log");
        }
    }
}

/// Makes a token, and records it.
pub async fn new_token(
    log: &Log<'_>,
    name: String,
    scopes: &Scopes,
    expires_in_days: Option<i64>,
) -> Result<(api_token::Model, Secret)> {
    let now = log.clock.now();
    let new = NewToken {
        name,
        scopes: scopes.join(" "),
        created_at: now,
        expires_at: expires_in_days.map(|days| now + TimeDelta::days(days)),
    };
    let created = create_token(log.database, new).await?;
    let detail = format!("{}: {}", created.0.name, scopes.join(", "));
    log.record(Event::TokenCreated, &detail).await;
    Ok(created)
}
