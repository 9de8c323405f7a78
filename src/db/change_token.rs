//! The change token: equal as long as nothing in the database has changed, whichever program changes it.

use super::Database;
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Equal tokens mean equal data, if the token was read before the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeToken(Arc<str>);

/// The snapshot contains the transactions that have ended. After a crash of the server their ids are used again, so the
/// token includes the server's start and the process of the connection, which does not survive a crash. A
/// standby has no usable snapshot; there no two tokens are equal.
const POSTGRES: &str = "
SELECT CASE WHEN NOT pg_is_in_recovery() THEN concat_ws(' ', pg_current_snapshot(), pg_backend_pid(),
    extract(epoch FROM pg_postmaster_start_time())) END";

/// The number changes with every commit of another connection. Each connection has its own count, so the token
/// includes the connection.
const SQLITE: &str = "SELECT CAST(data_version AS text) FROM pragma_data_version";

/// A connection that does not answer this query by then is dead.
const DEADLINE: Duration = Duration::from_secs(1);

impl Database {
    /// Concurrent callers share one query, which starts after the last of them has called. A caller that has seen
    /// a write acknowledged gets a token from after that write.
    pub async fn change_token(&self) -> Result<ChangeToken> {
        let server = || {
            let database = self.clone();
            let was_silent = Arc::new(AtomicBool::new(false));
            move |callers: Vec<()>| {
                let (database, was_silent) = (database.clone(), was_silent.clone());
                async move {
                    let token = database.read_token(&was_silent).await;
                    callers.into_iter().map(|()| token.clone()).collect()
                }
            }
        };
        self.token_requests.join((), server).await
    }

    /// Reads the token, and replaces the connections if the server is silent.
    async fn read_token(&self, was_silent: &AtomicBool) -> Result<ChangeToken> {
        let token = self.within(DEADLINE, query(self)).await;
        match &token {
            // With a single connection the query may have waited for other work.
            _ if Arc::ptr_eq(&self.token, &self.read) => {}
            Err(Error::Busy(_)) => {
                self.token.renew().await;
                was_silent.store(true, Ordering::Relaxed);
            }
            // The server answers again, but the other connections may have died meanwhile.
            Ok(_) if was_silent.swap(false, Ordering::Relaxed) => self.read.renew().await,
            _ => {}
        }
        token
    }
}

async fn query(database: &Database) -> Result<ChangeToken> {
    let db = database.token.connection();
    let engine = db.get_database_backend();
    let statement = match engine {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    let row = db
        .query_one_raw(Statement::from_string(engine, statement))
        .await?;
    let version: Option<String> = match row {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    // Read last, so that a connection opened meanwhile counts.
    let epoch = match version {
        Some(_) => database.token_epoch.load(Ordering::Relaxed),
        None => database.token_epoch.fetch_add(1, Ordering::Relaxed),
    };
    let version = version.unwrap_or_default();
    Ok(ChangeToken(format!("{epoch} {version}").into()))
}
