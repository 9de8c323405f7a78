//! A token that is the same exactly as long as nothing in the database has changed, whoever changes
//! it: this program, another one, `psql`.

use super::{Database, options};
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Equal tokens mean equal data, when the token was read before the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub run: Run,
    moment: Arc<str>,
}

/// The connection that gives the tokens. After a crash of the server, when work may be lost that others
/// have seen, and its numbers are used again, it is another one.
pub type Run = Arc<str>;

/// The transactions that are over and those that are not. After a crash their ids are used again,
/// but no process of the server lives on: so the one that answers belongs to it, and the server's
/// start. A standby has none of this, and there no two tokens are equal.
const POSTGRES: &str = "
SELECT CASE WHEN NOT pg_is_in_recovery() THEN CAST(pg_current_snapshot() AS text) END,
    concat_ws(' ', pg_backend_pid(), extract(epoch FROM pg_postmaster_start_time()))";

/// A number that changes with every commit of any other connection, and all others are other ones.
/// Each connection counts for itself: so which one it is belongs to it.
const SQLITE: &str = "SELECT CAST(data_version AS text), '' FROM pragma_data_version";

/// The question is a trifle: a connection of its own on which it takes longer is dead.
const PATIENCE: Duration = Duration::from_secs(1);

impl Database {
    /// Those who ask at the same moment are answered by one question, put after the last of them
    /// has asked: whoever has seen a write acknowledged gets a token of after it.
    pub async fn truth(&self) -> Result<Truth> {
        let server = || {
            let database = self.clone();
            let was_silent = Arc::new(AtomicBool::new(false));
            move |askers: Vec<()>| {
                let (database, was_silent) = (database.clone(), was_silent.clone());
                async move {
                    let truth = database.ask(&was_silent).await;
                    askers.into_iter().map(|()| truth.clone()).collect()
                }
            }
        };
        self.truths.join((), server).await
    }

    /// Asks once, and gives connections up when silence says that they have died.
    async fn ask(&self, was_silent: &AtomicBool) -> Result<Truth> {
        let truth = self.within(PATIENCE, read(self)).await;
        match &truth {
            // It shares the only connection, and waits for the work of others.
            _ if Arc::ptr_eq(&self.watch, &self.read) => {}
            Err(Error::Busy(_)) => {
                self.watch.renew().await;
                was_silent.store(true, Ordering::Relaxed);
            }
            // It is back, but the other connections may have died meanwhile unnoticed.
            Ok(_) if was_silent.swap(false, Ordering::Relaxed) => self.read.renew().await,
            _ => {}
        }
        truth
    }
}

async fn read(database: &Database) -> Result<Truth> {
    static NEVER_TWICE: AtomicU64 = AtomicU64::new(0);
    let watch = database.watch.connection();
    let engine = watch.get_database_backend();
    let question = match engine {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    let question = Statement::from_string(engine, question);
    let row = watch.query_one_raw(question).await?;
    let column = |index| row.as_ref().map(|row| row.try_get_by_index(index));
    let moment: Option<String> = column(0).transpose()?.flatten();
    let server: Option<String> = column(1).transpose()?.flatten();
    let moment = moment.unwrap_or_else(|| {
        let number = NEVER_TWICE.fetch_add(1, Ordering::Relaxed);
        format!("standby {number}")
    });
    // Asked last: a connection that took the place of another meanwhile is counted.
    let connection = options::WATCHES.load(Ordering::Relaxed);
    Ok(Truth {
        run: format!("{connection} {}", server.unwrap_or_default()).into(),
        moment: moment.into(),
    })
}
