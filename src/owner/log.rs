//! Writes the owner's log.

use super::caller::{Caller, Scopes};
use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::store::owner::{Entry, NewToken, create_token, record_event};
use chrono::TimeDelta;
use entity::api_token;
use entity::log_entry::Event;
use poem::{FromRequest, Request, RequestBody};

/// The longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 80;
/// A token expires after so many days, unless something else is asked for.
pub const TOKEN_DAYS: i64 = 90;

/// The log, for what one caller does. An argument of a handler.
#[derive(Clone)]
pub struct Log {
    database: Database,
    clock: Clock,
    /// Empty for a command.
    address: String,
    is_read_only: bool,
}

impl<'a> FromRequest<'a> for Log {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        fn data<T: Clone + Send + Sync + 'static>(request: &Request) -> T {
            request.data().cloned().expect("the root sets it")
        }
        let caller: Caller = data(request);
        Ok(Self {
            database: data(request),
            clock: data(request),
            address: caller.address.to_string(),
            is_read_only: caller.is_read_only,
        })
    }
}

impl Log {
    pub fn of_command(database: &Database, clock: &Clock) -> Self {
        Self {
            database: database.clone(),
            clock: clock.clone(),
            address: String::new(),
            is_read_only: false,
        }
    }

    /// Records what was done. What was done stays done if the log cannot be written.
    pub async fn record(&self, event: Event, detail: &str) {
        if self.is_read_only {
            return;
        }
        let entry = Entry {
            at: self.clock.now(),
            event,
            detail,
            address: &self.address,
        };
        if let Err(cause) = record_event(&self.database, entry).await {
            tracing::warn!(?event, detail, %cause, "an event could not be recorded in the log");
        }
    }
}

/// Makes a token, and records it.
pub async fn new_token(
    log: &Log,
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
    let created = create_token(&log.database, new).await?;
    let detail = format!("{}: {}", created.0.name, scopes.join(", "));
    log.record(Event::TokenCreated, &detail).await;
    Ok(created)
}
