//! The settings of the connections.

use super::{Durability, Patience};
use crate::config::DatabaseUrl;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const SQLITE_READERS: u32 = 4;
/// From SQLite's thread to ours: with fewer than a page has, the two wait for each other.
const ROWS_ON_THEIR_WAY: usize = 1024;
/// Connections that were opened to watch an SQLite file.
pub static WATCHES: AtomicU64 = AtomicU64::new(0);

impl Patience {
    /// How long to wait for a free connection.
    fn acquire(self) -> Duration {
        match self {
            Self::Request => Duration::from_secs(2),
            Self::Command => Duration::from_secs(30),
        }
    }

    /// How long SQLite waits for another process to finish its write.
    fn busy(self) -> Duration {
        match self {
            Self::Request => Duration::from_millis(2500),
            Self::Command => Duration::from_secs(30),
        }
    }

    /// What the PostgreSQL server itself puts an end to. Our questions are small: starting other
    /// processes or a compiler for one takes longer than its answer.
    fn server_settings(self) -> [(&'static str, &'static str); 5] {
        let statement = match self {
            Self::Request => "3s",
            Self::Command => "0",
        };
        [
            ("statement_timeout", statement),
            ("lock_timeout", statement),
            ("idle_in_transaction_session_timeout", "30s"),
            ("max_parallel_workers_per_gather", "0"),
            ("jit", "off"),
        ]
    }
}

pub fn postgres(url: &DatabaseUrl, patience: Patience, max_connections: u32) -> ConnectOptions {
    let mut options = options(url, patience);
    options
        .max_connections(max_connections)
        .idle_timeout(Duration::from_secs(600))
        .max_lifetime(Duration::from_secs(1800))
        .connect_lazy(patience == Patience::Request)
        .test_before_acquire(false)
        .set_application_name("music-time-machine")
        .map_sqlx_postgres_opts(move |options| {
            options
                .statement_cache_capacity(256)
                .options(patience.server_settings())
        });
    options
}

/// For the one connection that writes, for those that read, and for the one that watches.
pub fn sqlite(
    url: &DatabaseUrl,
    patience: Patience,
    durability: Durability,
) -> (ConnectOptions, ConnectOptions, ConnectOptions) {
    let file = move |options| sqlite_file(options, patience, durability);
    let one = || {
        let mut options = options(url, patience);
        options
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None::<Duration>)
            .max_lifetime(None::<Duration>);
        options
    };
    let (mut write, mut read, mut watch) = (one(), options(url, patience), one());
    write.map_sqlx_sqlite_opts(file);
    read.max_connections(SQLITE_READERS)
        .map_sqlx_sqlite_opts(move |options| file(options).read_only(true));
    watch
        .map_sqlx_sqlite_opts(move |options| file(options).read_only(true))
        .map_sqlx_sqlite_pool_opts(|options| {
            options.after_connect(|_, _| {
                WATCHES.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { Ok(()) })
            })
        });
    (write, read, watch)
}

fn options(url: &DatabaseUrl, patience: Patience) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.secret());
    options
        .acquire_timeout(patience.acquire())
        .connect_timeout(patience.acquire())
        .sqlx_logging(false);
    options
}

fn sqlite_file(
    options: SqliteConnectOptions,
    patience: Patience,
    durability: Durability,
) -> SqliteConnectOptions {
    // In KiB. The demo's database is written at once and as a whole, and fits.
    let (synchronous, cache_size) = match durability {
        Durability::OnDisk => (SqliteSynchronous::Full, "-8000"),
        Durability::ThrowAway => (SqliteSynchronous::Off, "-48000"),
    };
    options
        .create_if_missing(true)
        .page_size(8192)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(patience.busy())
        .row_buffer_size(ROWS_ON_THEIR_WAY)
        .pragma("cache_size", cache_size)
}
