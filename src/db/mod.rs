//! The database: connections, transactions, the schema version, the change token, and the few expressions that
//! the two engines spell differently.
//!
//! SQLite has one connection that writes and several that read; PostgreSQL has one pool for both.

mod batch;
pub mod bulk;
mod change_token;
mod days;
mod kept_lists;
pub mod list_text;
mod options;
mod pool;
mod schema;
mod upkeep;
mod write;

pub use change_token::ChangeToken;
pub use days::distinct_days;
pub use kept_lists::kept_lists;
pub use schema::Schema;
pub use upkeep::{count, lock_library};
pub use write::retried;

use crate::config::{Config, DatabaseUrl};
use crate::error::Result;
use batch::Batch;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use pool::Pool;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    AccessMode, ConnAcquireErr, ConnectOptions, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, IsolationLevel, Statement, TransactionOptions,
    TransactionTrait,
};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::time::timeout;

/// How long a command waits for the first connection to a PostgreSQL server.
const FIRST_CONNECTION: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Database {
    read: Arc<Pool>,
    write: Arc<Pool>,
    /// One connection of its own for the change token, which every cached response needs.
    token: Arc<Pool>,
    token_requests: Batch<(), ChangeToken>,
    /// Part of the change token. It changes with each SQLite connection for the token, and with each token of a
    /// standby.
    token_epoch: Arc<AtomicU64>,
    /// Single snapshots: concurrent upserts share a commit.
    pub(crate) snapshots: Batch<snapshot::Model, ()>,
    deadlines: Deadlines,
}

/// How long the database may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadlines {
    /// For HTTP requests: 2 s for a connection, 3 s for a statement.
    Request,
    /// For commands: 30 s for a connection, none for a statement.
    Command,
}

/// The access mode of the connections, and the durability of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged write is on disk.
    OnDisk,
    /// Nothing can be written.
    ReadOnly,
    /// For the demo's database, which is deleted at the end.
    None,
}

impl Database {
    /// Connects for a command, and brings the schema up to date.
    pub async fn ready(config: &Config) -> anyhow::Result<Self> {
        let database = Self::open(config, Deadlines::Command).await?;
        database.migrate().await?;
        Ok(database)
    }

    /// Opens the database for a command that only looks: a missing SQLite file is an error, and not created.
    pub async fn open_existing(config: &Config) -> anyhow::Result<Self> {
        if let Some(file) = config.database()?.sqlite_file()
            && !file.exists()
        {
            anyhow::bail!(
                "there is no database at {}; if DATABASE_URL is right, serve, migrate or import creates it",
                file.display()
            );
        }
        Self::open(config, Deadlines::Command).await
    }

    /// Opens the database and creates a missing SQLite file. With [`Deadlines::Request`] the connections to
    /// PostgreSQL are opened lazily: the server may still be starting.
    pub async fn open(config: &Config, deadlines: Deadlines) -> anyhow::Result<Self> {
        let url = config.database()?;
        let opened = if url.is_sqlite() {
            let durability = match config.access.read_only {
                true => Durability::ReadOnly,
                false => Durability::OnDisk,
            };
            Self::open_sqlite(&url, deadlines, durability).await
        } else {
            Self::open_postgres(&url, deadlines, config).await
        };
        // As text: the error of sea-orm repeats its source in its message.
        opened.map_err(|cause| {
            anyhow::anyhow!(
                "cannot open the database {url} ({cause}); check DATABASE_URL and that it is running"
            )
        })
    }

    pub async fn open_sqlite(
        url: &DatabaseUrl,
        deadlines: Deadlines,
        durability: Durability,
    ) -> Result<Self, DbErr> {
        let token_epoch = Arc::default();
        let options = options::sqlite(url, deadlines, durability, &token_epoch);
        Ok(Self {
            // The writer comes first, because it creates the file.
            write: Pool::of_file(options.write).await?,
            read: Pool::of_file(options.read).await?,
            token: Pool::of_file(options.token).await?,
            token_requests: Batch::default(),
            token_epoch,
            snapshots: Batch::default(),
            deadlines,
        })
    }

    async fn open_postgres(
        url: &DatabaseUrl,
        deadlines: Deadlines,
        config: &Config,
    ) -> Result<Self, DbErr> {
        let max_connections = config.database_max_connections;
        let open = |connections| {
            let is_read_only = config.access.read_only;
            let options = options::postgres(url, deadlines, connections, is_read_only);
            Pool::of_server(options)
        };
        let pool = timeout(FIRST_CONNECTION, open((max_connections - 1).max(1)))
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))??;
        Ok(Self {
            // The change token can be read while all other connections are busy.
            token: match max_connections {
                1 => pool.clone(),
                _ => open(1).await?,
            },
            read: pool.clone(),
            write: pool,
            token_requests: Batch::default(),
            token_epoch: Arc::default(),
            snapshots: Batch::default(),
            deadlines,
        })
    }

    /// A connection for reading.
    pub fn read(&self) -> DatabaseConnection {
        self.read.connection()
    }

    /// A transaction in which every query sees the same snapshot of the database.
    pub async fn read_transaction(&self) -> Result<DatabaseTransaction> {
        let connection = self.read();
        let postgres = connection.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: None,
        };
        Ok(connection.begin_with_options(options).await?)
    }

    pub async fn close(self) -> Result<(), DbErr> {
        self.token.connection().close().await?;
        self.read().close().await?;
        self.write.connection().close().await
    }
}

/// Retries while another process creates the same SQLite file.
async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
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

/// The distinct values of an indexed column: a loose index scan. It jumps from value to value, however many rows each
/// has. PostgreSQL has no such scan of its own; the limits keep it from reading all rows.
fn distinct(column: &str, table: &str) -> String {
    format!(
        "WITH RECURSIVE found (value) AS (
            SELECT first.value FROM (SELECT {column} AS value FROM {table} ORDER BY 1 LIMIT 1) AS first
            UNION ALL
            SELECT (SELECT {column} FROM {table} WHERE {column} > found.value ORDER BY {column} LIMIT 1)
            FROM found WHERE found.value IS NOT NULL
        )"
    )
}

/// The number of distinct values of an indexed column, and the least and the greatest as text.
pub async fn count_distinct(
    db: &impl ConnectionTrait,
    column: &str,
    table: &str,
) -> Result<(i64, Option<String>, Option<String>)> {
    let sql = format!(
        "{} SELECT count(value), CAST(min(value) AS text), CAST(max(value) AS text) FROM found",
        distinct(column, table)
    );
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("an aggregate has a row".into()))?;
    Ok((
        row.try_get_by_index(0)?,
        row.try_get_by_index(1)?,
        row.try_get_by_index(2)?,
    ))
}

/// The number of distinct days of an indexed column in each year, as text, with the first and the last of them. Days
/// after `last` are left out.
pub async fn count_days_by_year(
    db: &impl ConnectionTrait,
    column: &str,
    table: &str,
    last: NaiveDate,
) -> Result<Vec<(String, i64, String, String)>> {
    let sql = format!(
        "{}, days (day) AS (SELECT CAST(value AS text) FROM found WHERE value <= $1)
        SELECT substr(day, 1, 4), count(*), min(day), max(day) FROM days GROUP BY 1 ORDER BY 1",
        distinct(column, table)
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [last.into()]);
    let rows = db.query_all_raw(statement).await?;
    let rows = rows.iter().map(|row| {
        Ok((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
        ))
    });
    rows.collect()
}

/// A text for a group of snapshots. Groups with the same ranks and track ids have the same text; other groups of the
/// same size have another one, on PostgreSQL but for one in 2⁶⁴ pairs: there a sort of each group would take most of
/// the time. SQLite reads the rows of a group in the order of an index, so equal groups are read in the same order.
pub fn ranking_text(engine: DbBackend) -> SimpleExpr {
    Expr::cust(match engine {
        DbBackend::Postgres => "CAST(bit_xor(hashtextextended(track_id, rank)) AS text)",
        _ => "group_concat(rank || ' ' || track_id)",
    })
}

/// The days of a group of snapshots as one text with commas, in no order, each as often as it occurs.
pub fn days_text(engine: DbBackend) -> SimpleExpr {
    Expr::cust(match engine {
        DbBackend::Postgres => "string_agg(CAST(snapshot_date AS text), ',')",
        _ => "group_concat(snapshot_date)",
    })
}

/// Locks this list for other writers until the transaction ends. SQLite has one writer, and needs no lock.
pub async fn lock_list(
    work: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<(), DbErr> {
    let name = format!("list {date} {}", time_range.word());
    lock(work, "pg_advisory_xact_lock", &name).await
}

/// Until the transaction ends no track is deleted. Without this lock a writer of many tracks and a deletion
/// could deadlock.
pub async fn lock_tracks_shared(work: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(work, "pg_advisory_xact_lock_shared", TRACKS).await
}

/// Excludes the holders of [`lock_tracks_shared`] until the transaction ends.
pub async fn lock_tracks_exclusive(work: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(work, "pg_advisory_xact_lock", TRACKS).await
}

/// Until the transaction ends no other changes who the owner is.
pub async fn lock_owner(work: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(work, "pg_advisory_xact_lock", "owner").await
}

const TRACKS: &str = "tracks";

async fn lock(work: &impl ConnectionTrait, function: &str, name: &str) -> Result<(), DbErr> {
    if work.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT {function}(hashtextextended($1, 0))");
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, lock, [name.into()]);
        work.execute_raw(statement).await?;
    }
    Ok(())
}
