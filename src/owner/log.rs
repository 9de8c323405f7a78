//! Writes the owner's log.

use super::caller::Caller;
use crate::clock::Clock;
use crate::db::Database;
use crate::store::owner::{Entry, record_event};
use chrono::{DateTime, Utc};
use entity::log_entry::Event;
use poem::{FromRequest, Request, RequestBody};

/// The log, for the actions of one caller. An argument of a handler.
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
    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn of_command(database: &Database, clock: &Clock) -> Self {
        Self {
            database: database.clone(),
            clock: clock.clone(),
            address: String::new(),
            is_read_only: false,
        }
    }

    /// Records an event that has happened. An error of the log is a warning.
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
