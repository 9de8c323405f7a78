//! The settings of the connections.

use super::{Deadlines, Durability};
use crate::config::DatabaseUrl;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const SQLITE_READERS: u32 = 4;
/// Rows buffered between SQLite's thread and ours. With fewer rows than a result has, the threads alternate.
const ROW_BUFFER: usize = 1024;

/// The options of the three pools of an SQLite file.
pub struct SqliteOptions {
    pub write: ConnectOptions,
    pub read: ConnectOptions,
    pub token: ConnectOptions,
}

impl Deadlines {
    /// For a free connection.
    fn acquire(self) -> Duration {
        match self {
            Self::Request => Duration::from_secs(2),
            Self::Command => Duration::from_secs(30),
        }
    }

    /// For the write lock of SQLite, while another process holds it.
    fn busy(self) -> Duration {
        match self {
            Self::Request => Duration::from_millis(2500),
            Self::Command => Duration::from_secs(30),
        }
    }

    /// Settings of each PostgreSQL session. Parallel workers and JIT are off, because starting them takes longer
    /// than our small queries.
    fn server_settings(self) -> [(&'static str, &'static str); 5] {
        let (statement, idle) = match self {
            Self::Request => ("3s", "30s"),
            // An export waits for the reader of its pipe.
            Self::Command => ("0", "10min"),
        };
        [
            ("statement_timeout", statement),
            ("lock_timeout", statement),
            ("idle_in_transaction_session_timeout", idle),
            ("max_parallel_workers_per_gather", "0"),
            ("jit", "off"),
        ]
    }
}

pub fn postgres(
    url: &DatabaseUrl,
    deadlines: Deadlines,
    max_connections: u32,
    is_read_only: bool,
) -> ConnectOptions {
    let read_only = if is_read_only { "on" } else { "off" };
    let mut options = options(url, deadlines);
    options
        .max_connections(max_connections)
        .idle_timeout(Duration::from_secs(600))
        .max_lifetime(Duration::from_secs(1800))
        .connect_lazy(deadlines == Deadlines::Request)
        .test_before_acquire(false)
        .set_application_name("music-time-machine")
        .map_sqlx_postgres_opts(move |options| {
            options
                .statement_cache_capacity(256)
                .options(deadlines.server_settings())
                .options([("default_transaction_read_only", read_only)])
        });
    options
}

pub fn sqlite(
    url: &DatabaseUrl,
    deadlines: Deadlines,
    durability: Durability,
    token_epoch: &Arc<AtomicU64>,
) -> SqliteOptions {
    let file = move |options| sqlite_file(options, deadlines, durability);
    let single = || {
        let mut options = options(url, deadlines);
        options
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None::<Duration>)
            .max_lifetime(None::<Duration>);
        options
    };
    let (mut write, mut read, mut token) = (single(), options(url, deadlines), single());
    write.map_sqlx_sqlite_opts(file);
    read.max_connections(SQLITE_READERS)
        .map_sqlx_sqlite_opts(move |options| file(options).read_only(true));
    let epoch = token_epoch.clone();
    token
        .map_sqlx_sqlite_opts(move |options| file(options).read_only(true))
        .map_sqlx_sqlite_pool_opts(move |options| {
            let epoch = epoch.clone();
            options.after_connect(move |_, _| {
                epoch.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { Ok(()) })
            })
        });
    SqliteOptions { write, read, token }
}

fn options(url: &DatabaseUrl, deadlines: Deadlines) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.secret());
    options
        .acquire_timeout(deadlines.acquire())
        .connect_timeout(deadlines.acquire())
        .sqlx_logging(false);
    options
}

fn sqlite_file(
    options: SqliteConnectOptions,
    deadlines: Deadlines,
    durability: Durability,
) -> SqliteConnectOptions {
    // The cache size in KiB. The demo's database is written in one transaction, and fits.
    let (synchronous, cache_size) = match durability {
        Durability::OnDisk | Durability::ReadOnly => (SqliteSynchronous::Full, "-8000"),
        Durability::None => (SqliteSynchronous::Off, "-48000"),
    };
    options
        .create_if_missing(durability != Durability::ReadOnly)
        .read_only(durability == Durability::ReadOnly)
        .page_size(8192)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(deadlines.busy())
        .row_buffer_size(ROW_BUFFER)
        .pragma("cache_size", cache_size)
}
