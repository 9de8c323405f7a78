//! A connection pool that replaces dead connections. sqlx has no query timeout: it waits for a silent server
//! for ever, even when it returns a connection to its pool.

use super::connect;
use sea_orm::sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The deadline of a ping.
const PING: Duration = Duration::from_millis(500);
/// A connection that was idle for longer is pinged before it is used.
const IDLE: Duration = Duration::from_secs(30);
/// After this time no request can still use a connection that was replaced.
const DRAIN: Duration = Duration::from_secs(30);

/// The connections to one database. When one connection to PostgreSQL is found dead, all are replaced.
pub struct Pool {
    current: RwLock<DatabaseConnection>,
    /// How often the connections were replaced.
    generation: AtomicU64,
    /// To open new connections; `None` for an SQLite file.
    options: Option<ConnectOptions>,
}

impl Pool {
    pub async fn of_file(options: ConnectOptions) -> Result<Arc<Self>, DbErr> {
        Ok(Arc::new(Self {
            current: RwLock::new(connect(options).await?),
            generation: AtomicU64::default(),
            options: None,
        }))
    }

    pub async fn of_server(options: ConnectOptions) -> Result<Arc<Self>, DbErr> {
        let pool = Arc::new(Self {
            current: RwLock::default(),
            generation: AtomicU64::default(),
            options: Some(options.clone()),
        });
        let connection = connect(pool.checked(options)).await?;
        pool.exchange(connection);
        Ok(pool)
    }

    /// The current pool. Do not store it: it may be replaced.
    pub fn connection(&self) -> DatabaseConnection {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces all connections.
    pub async fn renew(self: &Arc<Self>) {
        self.replace(self.generation.load(Ordering::SeqCst)).await;
    }

    /// Replaces the connections of this generation, unless that has already happened. Work in progress on the
    /// old ones may finish.
    async fn replace(self: &Arc<Self>, generation: u64) {
        let Some(options) = &self.options else { return };
        let next = self.generation.compare_exchange(
            generation,
            generation + 1,
            Ordering::SeqCst,
            Ordering::SeqCst,
        );
        if next.is_err() {
            return;
        }
        let mut options = self.checked(options.clone());
        options.connect_lazy(true);
        if let Ok(new) = connect(options).await {
            tracing::warn!("the connections to the database are replaced: one was dead");
            let old = self.exchange(new);
            tokio::spawn(timeout(DRAIN, async move {
                close(old.get_postgres_connection_pool()).await;
            }));
        }
    }

    fn exchange(&self, new: DatabaseConnection) -> DatabaseConnection {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, new)
    }

    /// Whether an idle connection answers a ping.
    async fn another_answers(&self) -> bool {
        let current = self.connection();
        match current.get_postgres_connection_pool().try_acquire() {
            Some(mut other) => ping(&mut other).await.is_ok(),
            None => false,
        }
    }

    /// Adds a ping after each use, and before use if the connection was idle for long. A connection that fails
    /// the ping is closed without notice to the server.
    fn checked(self: &Arc<Self>, mut options: ConnectOptions) -> ConnectOptions {
        let pool = Arc::downgrade(self);
        let generation = self.generation.load(Ordering::SeqCst);
        options.map_sqlx_postgres_pool_opts(move |options| {
            add_checks(options, pool.clone(), generation)
        });
        options
    }
}

fn add_checks(options: PgPoolOptions, pool: Weak<Pool>, generation: u64) -> PgPoolOptions {
    let returned_to = pool.clone();
    options
        .before_acquire(move |connection, about| {
            let pool = pool.clone();
            Box::pin(async move {
                match about.idle_for < IDLE {
                    true => Ok(true),
                    false => check(connection, &pool, generation).await,
                }
            })
        })
        .after_release(move |connection, _| {
            let pool = returned_to.clone();
            Box::pin(async move { check(connection, &pool, generation).await })
        })
}

/// An error closes the connection. A timeout alone does not mean that the server is dead: the connection may
/// still execute a statement of a cancelled request. In that case another connection is pinged.
async fn check(
    connection: &mut PgConnection,
    pool: &Weak<Pool>,
    generation: u64,
) -> sqlx::Result<bool> {
    let Err(cause) = ping(connection).await else {
        return Ok(true);
    };
    if let Some(pool) = pool.upgrade() {
        let timed_out = matches!(cause, sqlx::Error::PoolTimedOut);
        if !(timed_out && pool.another_answers().await) {
            pool.replace(generation).await;
        }
    }
    Err(cause)
}

async fn ping(connection: &mut PgConnection) -> sqlx::Result<()> {
    timeout(PING, connection.ping())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)?
}

/// Closes the connections one by one as they become idle. One that sqlx is returning to a silent server stays
/// until the operating system closes it.
async fn close(pool: &PgPool) {
    while pool.size() > 0 {
        while let Some(connection) = pool.try_acquire() {
            let _ = timeout(PING, connection.close()).await;
        }
        sleep(PING).await;
    }
}
