//! Which lists to take from the provider, when, and how it went.
//!
//! [`run`] takes the lists of a day under a lease that one process has at a time, with a token from [`token`].
//! [`schedule`] decides when, and [`notify`] tells the owner's own service what went wrong. Today's attempts are
//! stored in the ledger alone, so a program that was killed continues from there.

mod command;
mod failure;
mod leases;
mod notices;
mod notify;
mod paused_days;
mod run;
mod schedule;
mod storing;
mod token;
mod tries;

pub use command::run;
pub use failure::Unable;
pub use schedule::CONSENT_NOTICE_DAYS;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::error::Result;
use crate::secrets::Secrets;
use crate::spotify::Spotify;
use crate::store::connection::{Lease, is_held};
use chrono::{DateTime, NaiveTime, Utc};
use entity::capture;
use entity::snapshot::TimeRange;
use notify::Notifier;
use sea_orm::ConnectionTrait;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tries::RetryPolicy;

/// The source of the lists in the ledger.
pub const SOURCE: &str = "spotify";

/// Takes lists from the provider. A clone is cheap.
#[derive(Clone)]
pub struct Capturer {
    parts: Arc<Parts>,
    /// Between two tries of a request.
    has_pauses: bool,
    /// A line of the log for each list.
    has_log: bool,
}

struct Parts {
    database: Database,
    clock: Clock,
    spotify: Spotify,
    secrets: Secrets,
    /// Tracks of a list.
    depth: usize,
    /// The time of day in the time zone.
    daily_at: NaiveTime,
    notifier: Option<Notifier>,
    /// One permit: see [`Capturer::storing`].
    storing: Semaphore,
    /// Runs that pages have begun in the background.
    background_runs: AtomicUsize,
    /// The leases that this process has.
    held: Mutex<Vec<Lease>>,
    /// When runs of this process failed that the ledger does not have, because the database failed.
    unrecorded: Mutex<Vec<DateTime<Utc>>>,
}

impl Capturer {
    pub fn new(
        config: &Config,
        secrets: Secrets,
        database: Database,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let parts = Arc::new(Parts {
            database,
            clock,
            spotify: Spotify::new(config)?,
            secrets,
            depth: config.spotify.capture_depth,
            daily_at: config.spotify.capture_at,
            notifier: Notifier::new(config)?,
            storing: Semaphore::new(1),
            background_runs: AtomicUsize::new(0),
            held: Mutex::default(),
            unrecorded: Mutex::default(),
        });
        Ok(Self {
            parts,
            has_pauses: true,
            has_log: true,
        })
    }

    /// Tries again without a pause: for tests whose clock stands still meanwhile.
    #[must_use]
    pub fn without_pauses(self) -> Self {
        Self {
            has_pauses: false,
            ..self
        }
    }

    /// For a command that prints how each list went.
    #[must_use]
    fn without_log(self) -> Self {
        Self {
            has_log: false,
            ..self
        }
    }

    pub fn spotify(&self) -> &Spotify {
        &self.parts.spotify
    }

    pub fn secrets(&self) -> &Secrets {
        &self.parts.secrets
    }

    /// Takes today's three lists while a request waits: one try each, and 30 s in all. Returns their rows of the ledger.
    /// It goes on when the client does not wait.
    pub async fn take_now(&self) -> Result<Vec<capture::Model>, Unable> {
        let capturer = self.clone();
        let task = async move { capturer.take(&TimeRange::ALL, RetryPolicy::REQUEST).await };
        tokio::spawn(task)
            .await
            .expect("taking lists does not panic")
    }

    /// Begins to take today's three lists, and does not wait. The ledger has the result.
    pub fn take_in_background(&self) {
        let capturer = self.clone();
        self.parts.background_runs.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            if let Err(cause) = capturer.take_now().await {
                tracing::warn!(%cause, "no list was asked for");
            }
            capturer
                .parts
                .background_runs
                .fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Whether a process takes lists, or this one is about to.
    pub async fn is_taking(&self, db: &impl ConnectionTrait) -> Result<bool> {
        let has_begun = self.parts.background_runs.load(Ordering::Relaxed) > 0;
        Ok(has_begun || is_held(db, &Self::lease(), self.now()).await?)
    }

    /// Takes today's three lists, with later tries after an outage.
    pub async fn take_patiently(&self) -> Result<Vec<capture::Model>, Unable> {
        self.take(&TimeRange::ALL, RetryPolicy::LONG).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }
}
