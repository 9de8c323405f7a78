//! The database: opening it, working in it, and the few words that the two engines spell
//! differently.
//!
//! SQLite gets one connection that writes and several that read; PostgreSQL one pool for both.
//! [`options`] has their settings, [`pool`] gives up those that have died, [`schema`] brings the
//! tables up to date, [`write`] is the way to change them; [`truth`] tells whether anyone has,
//! [`changes()`] which lists; [`batch`] lets those who wait at the same moment be served together.

mod batch;
pub mod bulk;
mod changes;
mod options;
mod pool;
mod schema;
mod truth;
mod write;

pub use changes::{Changes, Mark, changes};
pub use schema::{Schema, newer};
pub use truth::{Run, Truth};
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
use std::time::Duration;
use tokio::time::timeout;

/// A server that is there has let us in by then, or has said why not.
const ANY_ANSWER: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Database {
    read: Arc<Pool>,
    write: Arc<Pool>,
    /// Does not wait for the others, and all who read wait for it.
    watch: Arc<Pool>,
    truths: Batch<(), Truth>,
    /// Snapshots that are put one by one.
    pub(crate) snapshots: Batch<snapshot::Model, ()>,
    patience: Patience,
}

/// Who waits for the answers, and so how long they may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Someone at the other end of a request: 2 s for a connection, 3 s for a statement.
    Request,
    /// A command, which would rather be slow than fail.
    Command,
}

/// What a commit promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged write is on disk.
    OnDisk,
    /// Nobody will miss it: the demo's database.
    ThrowAway,
}

impl Database {
    /// Connects for a command, and brings the schema up to date.
    pub async fn ready(config: &Config) -> anyhow::Result<Self> {
        let database = Self::open(config, Patience::Command).await?;
        database.migrate().await?;
        Ok(database)
    }

    /// Opens it; makes an SQLite file that is missing. For requests nothing is asked of
    /// PostgreSQL yet: it may still be on its way.
    pub async fn open(config: &Config, patience: Patience) -> anyhow::Result<Self> {
        let url = config.database()?;
        let opened = if url.is_sqlite() {
            Self::open_sqlite(&url, patience, Durability::OnDisk).await
        } else {
            Self::open_postgres(&url, patience, config.database_max_connections).await
        };
        // As text: the library's error repeats its own cause in its message.
        opened.map_err(|cause| {
            anyhow::anyhow!(
                "cannot open the database {url} ({cause}); check DATABASE_URL and that it is running"
            )
        })
    }

    pub async fn open_sqlite(
        url: &DatabaseUrl,
        patience: Patience,
        durability: Durability,
    ) -> Result<Self, DbErr> {
        let (write, read, watch) = options::sqlite(url, patience, durability);
        Ok(Self {
            // The writer first: it makes the file.
            write: Pool::of_file(write).await?,
            read: Pool::of_file(read).await?,
            watch: Pool::of_file(watch).await?,
            truths: Batch::default(),
            snapshots: Batch::default(),
            patience,
        })
    }

    async fn open_postgres(
        url: &DatabaseUrl,
        patience: Patience,
        max_connections: u32,
    ) -> Result<Self, DbErr> {
        let open = |connections| Pool::of_server(options::postgres(url, patience, connections));
        // Whether anything has changed can be asked while all others are busy.
        let many = (max_connections - 1).max(1);
        // However patient a command is later, a server that is not there is told at once.
        let pool = timeout(ANY_ANSWER, open(many))
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))??;
        Ok(Self {
            watch: match max_connections {
                1 => pool.clone(),
                _ => open(1).await?,
            },
            read: pool.clone(),
            write: pool,
            truths: Batch::default(),
            snapshots: Batch::default(),
            patience,
        })
    }

    /// For questions.
    pub fn read(&self) -> DatabaseConnection {
        self.read.connection()
    }

    /// A transaction in which all questions see the same moment.
    pub async fn moment(&self) -> Result<DatabaseTransaction> {
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
        self.watch.connection().close().await?;
        self.read().close().await?;
        self.write.connection().close().await
    }
}

/// Opening a new SQLite file at the same time as others can be refused for a moment.
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

/// The ranks and tracks of a group of snapshots as one text, best first.
pub fn ranking_text(engine: DbBackend) -> SimpleExpr {
    let aggregate = match engine {
        DbBackend::Postgres => "string_agg",
        _ => "group_concat",
    };
    Expr::cust(format!(
        "{aggregate}(rank || ' ' || track_id, ',' ORDER BY rank, track_id)"
    ))
}

/// Holds other writers of this list back until the transaction ends; SQLite has only one.
pub async fn lock_list(
    work: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<(), DbErr> {
    let name = format!("list {date} {}", time_range.word());
    lock(work, "pg_advisory_xact_lock", &name).await
}

/// Until the transaction ends no track is taken away. Writers of many tracks would else wait for
/// one that goes, and it for them.
pub async fn lock_tracks_shared(work: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(work, "pg_advisory_xact_lock_shared", TRACKS).await
}

/// Waits for the writers of many tracks, and holds them back until the transaction ends.
pub async fn lock_tracks_exclusive(work: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(work, "pg_advisory_xact_lock", TRACKS).await
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
