//! The database: opening it, bringing its schema up to date, and the few words that the two
//! engines spell differently.
//!
//! SQLite gets one connection that writes and several that read; PostgreSQL one pool for both.

use crate::config::{Config, DatabaseUrl};
use crate::error::Result;
use anyhow::Context;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use std::time::Duration;

/// How long a request waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(2);
const SQLITE_READERS: u32 = 4;
/// Any fixed number: whoever holds this PostgreSQL lock may change the schema.
const MIGRATION_LOCK: i64 = 0x4d54_4d00;

#[derive(Clone)]
pub struct Database {
    pub(crate) read: DatabaseConnection,
    write: DatabaseConnection,
}

/// What a commit promises.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged write is on disk.
    OnDisk,
    /// Nobody will miss it: the demo's database.
    ThrowAway,
}

impl Database {
    /// Connects, and brings the schema up to date.
    pub async fn ready(config: &Config) -> anyhow::Result<Self> {
        let database = Self::open(config).await?;
        database.migrate().await?;
        Ok(database)
    }

    /// Connects; makes an SQLite file that is missing.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let url = config.database()?;
        let opened = if url.is_sqlite() {
            Self::open_sqlite(&url, Durability::OnDisk).await
        } else {
            Self::open_postgres(&url, config.database_max_connections).await
        };
        // As text: the library's error repeats its own cause in its message.
        opened.map_err(|cause| {
            anyhow::anyhow!(
                "cannot open the database {url} ({cause}); check DATABASE_URL and that it is running"
            )
        })
    }

    pub async fn open_sqlite(url: &DatabaseUrl, durability: Durability) -> Result<Self, DbErr> {
        let mut write = ConnectOptions::new(url.secret());
        write
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None::<Duration>)
            .max_lifetime(None::<Duration>)
            .map_sqlx_sqlite_opts(move |options| sqlite(options, durability));
        let mut read = ConnectOptions::new(url.secret());
        read.max_connections(SQLITE_READERS)
            .map_sqlx_sqlite_opts(move |options| sqlite(options, durability).read_only(true));
        Ok(Self {
            // The writer first: it makes the file.
            write: connect(write).await?,
            read: connect(read).await?,
        })
    }

    async fn open_postgres(url: &DatabaseUrl, max_connections: u32) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url.secret());
        options
            .max_connections(max_connections)
            .idle_timeout(Duration::from_secs(600))
            .max_lifetime(Duration::from_secs(1800))
            // sea-orm would ask before every statement; after half a minute of rest is enough.
            .test_before_acquire_if_idle_for(Duration::from_secs(30))
            .set_application_name("music-time-machine")
            .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(256));
        let pool = connect(options).await?;
        Ok(Self {
            read: pool.clone(),
            write: pool,
        })
    }

    /// Applies what is missing of the schema, all of it or nothing, one process at a time.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if self
            .pending_migrations()
            .await
            .is_ok_and(|pending| pending.is_empty())
        {
            return Ok(());
        }
        let work = self.begin().await?;
        if work.get_database_backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            work.execute_unprepared(&lock).await?;
        }
        Migrator::up(&work, None).await.context(
            "the schema could not be brought up to date; nothing was changed. A missing migration \
             file means that a newer version of the program has used this database",
        )?;
        work.commit().await?;
        Ok(())
    }

    /// Changes of the schema that are still to be applied.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let pending = Migrator::get_pending_migrations_read_only(&self.read).await?;
        Ok(pending.iter().map(|change| change.name().into()).collect())
    }

    /// A transaction that writes; SQLite takes the write lock now, not half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.write.begin_with_options(options).await
    }

    /// A transaction in which all questions see the same moment.
    pub async fn moment(&self) -> Result<DatabaseTransaction, DbErr> {
        let postgres = self.read.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: None,
        };
        self.read.begin_with_options(options).await
    }

    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }
}

/// Opening a new SQLite file at the same time as others can be refused for a moment.
async fn connect(mut options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    options
        .acquire_timeout(ACQUIRE)
        .connect_timeout(ACQUIRE)
        .sqlx_logging(false);
    let mut tries = 0;
    loop {
        match sea_orm::Database::connect(options.clone()).await {
            Err(cause) if tries < 20 && cause.to_string().contains("database is locked") => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            outcome => return outcome,
        }
    }
}

fn sqlite(options: SqliteConnectOptions, durability: Durability) -> SqliteConnectOptions {
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
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", cache_size)
}

/// JSON from its text, for a column that keeps JSON.
pub fn json(engine: DbBackend, text: &str) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => Expr::val(text).cast_as("jsonb"),
        _ => Expr::val(text),
    }
}

/// Holds other writers of this list back until the transaction ends; SQLite has only one.
pub async fn lock_list(
    work: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<(), DbErr> {
    if work.get_database_backend() == DbBackend::Postgres {
        let name = format!("list {date} {}", time_range.word());
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        work.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            lock,
            [name.into()],
        ))
        .await?;
    }
    Ok(())
}
