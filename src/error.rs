//! What can go wrong, said once. It knows no HTTP: `web::problem` gives each its status.

use sea_orm::{DbErr, RuntimeErr, sqlx};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something asked for by name is not there.
    #[error("{0}")]
    NotFound(String),
    /// The caller sent something that cannot be used.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// The database did not answer, or had no connection free in time.
    #[error("the database is not answering")]
    Unavailable(#[source] DbErr),
    /// The database answered with something nobody expected.
    #[error("the database refused the statement")]
    Database(#[source] DbErr),
}

impl Error {
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            reason: reason.into(),
        }
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if is_away(&cause) {
            Self::Unavailable(cause)
        } else {
            Self::Database(cause)
        }
    }
}

fn is_away(cause: &DbErr) -> bool {
    match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match cause.as_ref() {
                sqlx::Error::Database(answer) => is_passing(answer.code().as_deref()),
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// PostgreSQL shutting down, starting or out of connections; SQLite busy in another process.
fn is_passing(code: Option<&str>) -> bool {
    matches!(
        code,
        Some("57P01" | "57P02" | "57P03" | "53300" | "5" | "261" | "517")
    )
}
