//! Transactions that write. Work that met another's on its way is done again.

use super::{Database, Patience};
use crate::error::{Error, Result};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExecResult, SqliteTransactionMode,
    StatementBuilder, TransactionOptions, TransactionTrait,
};
use std::time::Duration;
use tokio::time::timeout;

/// How often work is done again before its caller hears of it.
const RETRIES: u32 = 3;

impl Database {
    /// A transaction that writes; SQLite takes the write lock now, not half-way. What was
    /// committed is on disk; one that is dropped is rolled back.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.write.connection().begin_with_options(options).await
    }

    /// Executes a statement that is a transaction of its own.
    pub async fn write_one(&self, statement: &impl StatementBuilder) -> Result<ExecResult> {
        Ok(self.write.connection().execute(statement).await?)
    }

    /// Bounds work that others wait behind. A request itself has more time than one batch.
    pub async fn within<T>(
        &self,
        time: Duration,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match self.patience {
            Patience::Command => work.await,
            Patience::Request => timeout(time, work).await.unwrap_or(Err(Error::Busy(
                "The database took too long. Nothing is lost; try again in a moment.",
            ))),
        }
    }
}

/// Does the work, which is a whole transaction. When PostgreSQL has ended it for a deadlock or a
/// conflict, or SQLite because another process was writing, it is done again, at most three times.
pub async fn retried<T, F>(work: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut tries = 0;
    loop {
        match work().await {
            Err(error) if error.is_conflict() && tries < RETRIES => {
                tries += 1;
                tokio::time::sleep(pause(tries)).await;
            }
            outcome => return outcome,
        }
    }
}

/// Longer each time, and never the same for two that met.
fn pause(tries: u32) -> Duration {
    let most_ms = 20 << tries;
    Duration::from_millis(fastrand::u64(most_ms / 4..=most_ms))
}
