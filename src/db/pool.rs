//! Connections that are given up when they have died: sqlx itself would wait for a silent server
//! for ever, also when it puts a connection back.

use super::connect;
use sea_orm::sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a connection may take to say that it is alive.
const PULSE: Duration = Duration::from_millis(500);
/// A connection that has rested as long is felt before it is used.
const LONG_REST: Duration = Duration::from_secs(30);
/// Who still uses a connection that was given up has given up itself by then.
const LAST_USE: Duration = Duration::from_secs(30);

/// Connections to one database. Those of PostgreSQL are all replaced once one of them was found
/// dead: the others are as old.
pub struct Pool {
    current: RwLock<DatabaseConnection>,
    /// How often they were replaced.
    generation: AtomicU64,
    /// To open others in their place; `None` for a file, which is always there.
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
        let connection = connect(pool.watched(options)).await?;
        pool.exchange(connection);
        Ok(pool)
    }

    /// To be asked for anew each time that a connection is needed.
    pub fn connection(&self) -> DatabaseConnection {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives all connections up for new ones.
    pub async fn renew(self: &Arc<Self>) {
        self.replace(self.generation.load(Ordering::SeqCst)).await;
    }

    /// Unless others have taken their place already. Work that has begun on the old ones may
    /// finish.
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
        let mut options = self.watched(options.clone());
        options.connect_lazy(true);
        if let Ok(new) = connect(options).await {
            tracing::warn!("the connections to the database are replaced: one had died");
            let old = self.exchange(new);
            tokio::spawn(timeout(LAST_USE, async move {
                close(old.get_postgres_connection_pool()).await;
            }));
        }
    }

    fn exchange(&self, new: DatabaseConnection) -> DatabaseConnection {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, new)
    }

    /// Whether a connection that is at rest is alive.
    async fn another_answers(&self) -> bool {
        let current = self.connection();
        match current.get_postgres_connection_pool().try_acquire() {
            Some(mut other) => is_alive(&mut other).await.is_ok(),
            None => false,
        }
    }

    /// Feels each connection as it comes back, and before use when it has rested for long. An error
    /// closes it without another word to the server.
    fn watched(self: &Arc<Self>, mut options: ConnectOptions) -> ConnectOptions {
        let pool = Arc::downgrade(self);
        let generation = self.generation.load(Ordering::SeqCst);
        options
            .map_sqlx_postgres_pool_opts(move |options| watch(options, pool.clone(), generation));
        options
    }
}

fn watch(options: PgPoolOptions, pool: Weak<Pool>, generation: u64) -> PgPoolOptions {
    let returned_to = pool.clone();
    options
        .before_acquire(move |connection, about| {
            let pool = pool.clone();
            Box::pin(async move {
                match about.idle_for < LONG_REST {
                    true => Ok(true),
                    false => feel(connection, &pool, generation).await,
                }
            })
        })
        .after_release(move |connection, _| {
            let pool = returned_to.clone();
            Box::pin(async move { feel(connection, &pool, generation).await })
        })
}

/// An error closes the connection. One that is only late may still be at work for someone who has
/// gone away: then another is asked whether the server is there.
async fn feel(
    connection: &mut PgConnection,
    pool: &Weak<Pool>,
    generation: u64,
) -> sqlx::Result<bool> {
    let Err(cause) = is_alive(connection).await else {
        return Ok(true);
    };
    if let Some(pool) = pool.upgrade() {
        let is_late = matches!(cause, sqlx::Error::PoolTimedOut);
        if !(is_late && pool.another_answers().await) {
            pool.replace(generation).await;
        }
    }
    Err(cause)
}

async fn is_alive(connection: &mut PgConnection) -> sqlx::Result<()> {
    timeout(PULSE, connection.ping())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)?
}

/// Closes the connections one by one as they come to rest. One that sqlx has put back into silence
/// stays until the system gives it up.
async fn close(pool: &PgPool) {
    while pool.size() > 0 {
        while let Some(connection) = pool.try_acquire() {
            let _ = timeout(PULSE, connection.close()).await;
        }
        sleep(PULSE).await;
    }
}
