//! Write transactions, and the retry of transactions that conflict.

use super::{Database, Deadlines};
use crate::error::{Error, Result};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult,
    SqliteTransactionMode, StatementBuilder, TransactionOptions, TransactionTrait,
};
use std::time::Duration;
use tokio::time::timeout;

/// Retries before the conflict is returned as an error.
const RETRIES: u32 = 3;

impl Database {
    /// A write transaction. SQLite takes the write lock at its start, because a later upgrade of a read lock can
    /// fail. A transaction that is dropped is rolled back.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        begin(&self.write.connection()).await
    }

    /// Executes one statement in a transaction of its own.
    pub async fn write_one(&self, statement: &impl StatementBuilder) -> Result<ExecResult> {
        Ok(self.write.connection().execute(statement).await?)
    }

    /// Applies a deadline to work that other requests wait for. Commands have none.
    pub async fn within<T>(
        &self,
        time: Duration,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match self.deadlines {
            Deadlines::Command => work.await,
            Deadlines::Request => timeout(time, work).await.unwrap_or(Err(Error::Busy(
                "The database took too long. Nothing is lost; try again in a moment.",
            ))),
        }
    }
}

pub async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    connection.begin_with_options(options).await
}

/// Executes a whole transaction, and retries it up to three times after a deadlock or serialization failure
/// (PostgreSQL) or a busy database (SQLite).
pub async fn retried<T, F>(work: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut tries = 0;
    loop {
        match work().await {
            Err(error) if error.is_conflict() && tries < RETRIES => {
                tries += 1;
                tokio::time::sleep(backoff(tries)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Exponential backoff with jitter.
fn backoff(tries: u32) -> Duration {
    let max_ms = 20 << tries;
    Duration::from_millis(fastrand::u64(max_ms / 4..=max_ms))
}
