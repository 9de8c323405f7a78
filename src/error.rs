//! The errors of the program. They know no HTTP: `api::problem` gives each a status.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Something that the caller named does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The caller sent an invalid value.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// The caller shows neither a valid session nor a valid token.
    #[error("{0}")]
    NoProof(String),
    /// The caller may not do this.
    #[error("{0}")]
    NotAllowed(String),
    /// The request does not fit what is so now.
    #[error("{0}")]
    Conflict(String),
    /// Nothing can be done before this many seconds have passed.
    #[error("{reason}")]
    Later { reason: String, seconds: u64 },
    /// The server has no capacity for the request now.
    #[error("{0}")]
    Busy(&'static str),
    /// The database did not answer, or had no connection free in time.
    #[error("the database is not answering")]
    Unavailable(#[source] DbErr),
    /// The database has no room left on its disk.
    #[error("the database has no room left")]
    Full(#[source] DbErr),
    /// The database returned an unexpected error.
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

    /// Whether transactions conflicted, so that a retry makes sense.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Unavailable(cause) => {
                is_orphan(cause) || code(cause).is_some_and(|code| is_conflict(&code))
            }
            _ => false,
        }
    }

    /// Whether a row violates a foreign key.
    pub fn is_orphan(&self) -> bool {
        matches!(self, Self::Database(cause) if is_orphan(cause))
    }

    /// Treats a violated foreign key as a conflict: the row it refers to existed when the work began, and was
    /// deleted meanwhile.
    pub fn or_conflict_with_deletion(self) -> Self {
        match self {
            Self::Database(cause) if is_orphan(&cause) => Self::Unavailable(cause),
            other => other,
        }
    }

    /// Whether the error may go away by itself.
    pub fn is_transient(&self) -> bool {
        match self {
            // A wrong password or database name does not.
            Self::Unavailable(cause) => !code(cause).is_some_and(|code| is_login_error(&code)),
            _ => false,
        }
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        match code(&cause).as_deref() {
            Some("53100" | "13") => Self::Full(cause),
            Some(code) if is_transient(code) || is_conflict(code) || is_login_error(code) => {
                Self::Unavailable(cause)
            }
            Some(_) => Self::Database(cause),
            None if is_connection_error(&cause) => Self::Unavailable(cause),
            None => Self::Database(cause),
        }
    }
}

/// The error code of the database: an SQLSTATE of PostgreSQL, a primary result code of SQLite.
fn code(cause: &DbErr) -> Option<String> {
    let code = sqlx_error(cause)?.as_database_error()?.code()?;
    Some(match code.parse::<u32>() {
        Ok(extended) if code.len() < 5 => (extended & 0xff).to_string(),
        _ => code.into_owned(),
    })
}

fn sqlx_error(cause: &DbErr) -> Option<&sqlx::Error> {
    match cause {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn is_orphan(cause: &DbErr) -> bool {
    matches!(
        cause.sql_err(),
        Some(SqlErr::ForeignKeyConstraintViolation(_))
    )
}

/// The connection is lost, or none was free in time.
fn is_connection_error(cause: &DbErr) -> bool {
    match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        _ => matches!(
            sqlx_error(cause),
            Some(
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::Protocol(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            )
        ),
    }
}

/// A serialization failure or a deadlock; SQLite locked by another process.
fn is_conflict(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "5" | "6")
}

/// A timeout of a statement, a lock or an idle transaction; a broken connection; a server that is stopping,
/// starting, a standby, or out of connections or memory; a file that cannot be opened or read.
fn is_transient(code: &str) -> bool {
    let codes = [
        "57014", "55P03", "25P03", "57P01", "57P02", "57P03", "25006", "53200", "53300", "10", "14",
    ];
    codes.contains(&code) || code.starts_with("08")
}

/// The server refuses the login: a wrong password, user or database name.
fn is_login_error(code: &str) -> bool {
    code.starts_with("28") || code == "3D000"
}
