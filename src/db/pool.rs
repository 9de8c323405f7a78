//! The settings of the connections, and how one that has died is noticed: sqlx itself would wait
//! for a silent server for ever.

use super::{Durability, Patience};
use crate::config::DatabaseUrl;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::postgres::{PgConnection, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::time::timeout;

const SQLITE_READERS: u32 = 4;
/// Connections that were opened to watch an SQLite file.
pub static WATCHES: AtomicU64 = AtomicU64::new(0);

/// How long a connection may take to say that it is alive.
const PULSE: Duration = Duration::from_millis(500);
/// A connection that has rested as long is felt before it is used.
const LONG_REST: Duration = Duration::from_secs(30);

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

    /// What the PostgreSQL server itself puts an end to.
    fn server_timeouts(self) -> [(&'static str, &'static str); 3] {
        let statement = match self {
            Self::Request => "3s",
            Self::Command => "0",
        };
        [
            ("statement_timeout", statement),
            ("lock_timeout", statement),
            ("idle_in_transaction_session_timeout", "30s"),
        ]
    }
}

/// Pools of one server share its health: what one finds out the others know.
pub fn postgres(
    url: &DatabaseUrl,
    patience: Patience,
    max_connections: u32,
    health: &Health,
) -> ConnectOptions {
    let health = health.clone();
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
                .options(patience.server_timeouts())
        })
        .map_sqlx_postgres_pool_opts(move |options| health.watch(options));
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
        .pragma("cache_size", cache_size)
}

/// When a connection of the pool was last found dead.
///
/// Feeling each connection before each use would cost a round trip every time; so only those are
/// felt that were put back before the last death, or have rested for long.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<Option<Instant>>>);

impl Health {
    fn watch(&self, options: PgPoolOptions) -> PgPoolOptions {
        let (before, after) = (self.clone(), self.clone());
        options
            .before_acquire(move |connection, about| {
                let doubtful =
                    about.idle_for >= LONG_REST || before.has_died_within(about.idle_for);
                Box::pin(async move {
                    match doubtful {
                        true => is_alive(connection).await.map(|()| true),
                        false => Ok(true),
                    }
                })
            })
            .after_release(move |connection, _| {
                let health = after.clone();
                Box::pin(async move {
                    // An error closes it without another word to the server.
                    is_alive(connection).await.map(|()| true).inspect_err(|_| {
                        *health.died() = Some(Instant::now());
                    })
                })
            })
    }

    fn has_died_within(&self, time: Duration) -> bool {
        self.died().is_some_and(|died| died.elapsed() <= time)
    }

    fn died(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0
            .lock()
            .expect("nobody panics while holding an instant")
    }
}

async fn is_alive(connection: &mut PgConnection) -> sqlx::Result<()> {
    timeout(PULSE, connection.ping())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)?
}
