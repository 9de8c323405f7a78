//! What can go wrong, said once. It knows no HTTP: `web::problem` gives each its status.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Something asked for by name is not there.
    #[error("{0}")]
    NotFound(String),
    /// The caller sent something that cannot be used.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// More is asked than can be answered now.
    #[error("{0}")]
    Busy(&'static str),
    /// The database did not answer, or had no connection free in time.
    #[error("the database is not answering")]
    Unavailable(#[source] DbErr),
    /// The database has no room left on its disk.
    #[error("the database has no room left")]
    Full(#[source] DbErr),
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

impl Error {
    /// Whether two transactions met, so that doing the work again makes sense.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Unavailable(cause) => {
                is_orphan(cause) || code(cause).is_some_and(|code| is_conflict(&code))
            }
            _ => false,
        }
    }

    /// Whether a row refers to one that is not there.
    pub fn is_orphan(&self) -> bool {
        matches!(self, Self::Database(cause) if is_orphan(cause))
    }

    /// What a row refers to was there a moment ago: that is a conflict like any other.
    pub fn or_met_deletion(self) -> Self {
        match self {
            Self::Database(cause) if is_orphan(&cause) => Self::Unavailable(cause),
            other => other,
        }
    }

    /// Whether waiting may help: the database is away, not wrong.
    pub fn may_pass(&self) -> bool {
        match self {
            // A wrong password or name does not mend itself, though nobody is connected either.
            Self::Unavailable(cause) => !code(cause).is_some_and(|code| is_refusal(&code)),
            _ => false,
        }
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        match code(&cause).as_deref() {
            Some("53100" | "13") => Self::Full(cause),
            Some(code) if is_passing(code) || is_conflict(code) || is_refusal(code) => {
                Self::Unavailable(cause)
            }
            Some(_) => Self::Database(cause),
            None if is_away(&cause) => Self::Unavailable(cause),
            None => Self::Database(cause),
        }
    }
}

/// What the database itself said: an SQLSTATE of PostgreSQL, a primary result code of SQLite.
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

/// The connection is gone, or none could be had in time.
fn is_away(cause: &DbErr) -> bool {
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

/// A serialization failure or a deadlock; SQLite busy in another process.
fn is_conflict(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "5" | "6")
}

/// A statement or a lock that took too long, a transaction left open, a connection that broke; a
/// server that is stopping, starting, a standby or out of connections or memory; a file that
/// cannot be opened or read right now.
fn is_passing(code: &str) -> bool {
    let codes = [
        "57014", "55P03", "25P03", "57P01", "57P02", "57P03", "25006", "53200", "53300", "10", "14",
    ];
    codes.contains(&code) || code.starts_with("08")
}

/// The server answers, and does not let us in: a wrong password, user or database name.
fn is_refusal(code: &str) -> bool {
    code.starts_with("28") || code == "3D000"
}
