//! The database as a whole: its size, a copy of its file, and what a deletion of everything needs.

use super::write::begin;
use super::{Database, lock_tracks_exclusive};
use crate::error::{Error, Result};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait};
use sea_orm::sqlx::sqlite::SqlitePoolOptions;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    QuerySelect, RuntimeErr, Select, SqlxSqliteConnector, Statement,
};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Database {
    /// `SQLite` or `PostgreSQL`.
    pub fn engine_name(&self) -> &'static str {
        match self.is_sqlite() {
            true => "SQLite",
            false => "PostgreSQL",
        }
    }

    fn is_sqlite(&self) -> bool {
        self.read().get_database_backend() == DbBackend::Sqlite
    }

    /// The file of an SQLite database.
    pub async fn file(&self) -> Result<Option<PathBuf>> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        let select = "SELECT file FROM pragma_database_list WHERE name = 'main'";
        let file: String = value(&self.read(), select).await?;
        Ok(Some(file.into()))
    }

    /// The size on disk: of SQLite the file and its write-ahead log.
    pub async fn size_bytes(&self) -> Result<i64> {
        let Some(file) = self.file().await? else {
            return value(&self.read(), "SELECT pg_database_size(current_database())").await;
        };
        let mut log = OsString::from(&file);
        log.push("-wal");
        let size_bytes = |path: &Path| fs::metadata(path).map_or(0, |about| about.len());
        let size_bytes = size_bytes(&file) + size_bytes(Path::new(&log));
        Ok(i64::try_from(size_bytes).unwrap_or(i64::MAX))
    }

    /// The size of a copy of an SQLite database; `None` for PostgreSQL, which has no file.
    pub async fn copy_size_bytes(&self) -> Result<Option<i64>> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        let select = "SELECT (page_count - freelist_count) * page_size
            FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        value(&self.read(), select).await.map(Some)
    }

    /// Copies an SQLite database, as it is at one moment, to a file that does not exist. Writers do not wait.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let path = file.to_string_lossy().into_owned();
        let copy =
            Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [path.into()]);
        self.read().execute_raw(copy).await?;
        Ok(())
    }

    /// A write transaction for the deletion of all rows of all tables that refer to each other. SQLite deletes a whole table
    /// at once if it need not check foreign keys, and row by row otherwise. That is a property of the connection, so the
    /// transaction has one of its own.
    pub async fn begin_clearing(&self) -> Result<DatabaseTransaction, DbErr> {
        if !self.is_sqlite() {
            return self.begin().await;
        }
        let connection = self.write.connection();
        let options = connection.get_sqlite_connection_pool().connect_options();
        let options = (*options).clone().foreign_keys(false);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options);
        let pool = pool
            .await
            .map_err(|cause| DbErr::Conn(RuntimeErr::SqlxError(cause.into())))?;
        begin(&SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)).await
    }

    /// Gives the room that a deletion has left back to the disk. PostgreSQL does so by itself. A failure only delays
    /// that.
    pub async fn shrink(&self) {
        if !self.is_sqlite() {
            return;
        }
        for statement in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            let connection = self.write.connection();
            if let Err(cause) = connection.execute_unprepared(statement).await {
                tracing::warn!(%cause, "the database file could not be made smaller");
            }
        }
    }
}

/// The number of rows that a query selects.
pub async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<i64> {
    let count = rows.select_only().expr(Expr::col(Asterisk).count());
    let count: Option<i64> = count.into_tuple().one(db).await?;
    Ok(count.unwrap_or_default())
}

/// The value of a query with one row and one column.
async fn value<T: sea_orm::TryGetable>(db: &DatabaseConnection, select: &str) -> Result<T> {
    let statement = Statement::from_string(db.get_database_backend(), select);
    let row = db.query_one_raw(statement).await?;
    let none = || Error::from(DbErr::RecordNotFound(select.into()));
    Ok(row.ok_or_else(none)?.try_get_by_index(0)?)
}

/// Locks tracks, lists and the ledger for other writers until the transaction ends, and gives its statements more time.
/// SQLite has one writer, and needs no lock.
pub async fn lock_library(work: &impl ConnectionTrait, deadline: Duration) -> Result<()> {
    if work.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    lock_tracks_exclusive(work).await?;
    // The order in which the rank of a track locks them. Readers go on.
    work.execute_unprepared("LOCK TABLE snapshots, tracks, captures IN EXCLUSIVE MODE")
        .await?;
    let deadline = format!("SET LOCAL statement_timeout = {}", deadline.as_millis());
    work.execute_unprepared(&deadline).await?;
    Ok(())
}
