//! Health checks: liveness and readiness.

use super::life::{Life, Phase};
use crate::db::{Database, Schema};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};
use std::time::Duration;

/// The deadline for the database.
const DEADLINE: Duration = Duration::from_secs(1);

/// The process answers. No dependency is checked.
#[handler]
pub fn live() -> &'static str {
    "alive\n"
}

/// The database answers and its schema is current.
#[handler]
pub async fn ready(database: Data<&Database>, life: Data<&Life>) -> Response {
    if life.phase() == Phase::Stopping {
        return unavailable("stopping\n");
    }
    if !life.wait_until_ready().await {
        return unavailable("waiting for the database\n");
    }
    match tokio::time::timeout(DEADLINE, database.schema()).await {
        Ok(Ok(Schema::Current)) => "ready\n".into_response(),
        Ok(Ok(Schema::Behind(_))) => {
            unavailable("the schema is not up to date; run: music-time-machine migrate\n")
        }
        // Migrations only add, so this program can serve while a newer one takes over.
        Ok(Ok(Schema::Newer(changes))) => {
            tracing::debug!(?changes, "the schema is newer than this program");
            "ready, though the schema is newer than this program\n".into_response()
        }
        Ok(Ok(Schema::Foreign)) => unavailable("the schema is not this program's\n"),
        Ok(Err(cause)) => {
            tracing::warn!(cause = %with_source(&cause), "not ready");
            unavailable("the database is not answering\n")
        }
        Err(_) => {
            tracing::warn!("not ready: the database did not answer within {DEADLINE:?}");
            unavailable("the database is not answering\n")
        }
    }
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn unavailable(reason: &'static str) -> Response {
    reason
        .with_status(StatusCode::SERVICE_UNAVAILABLE)
        .with_header("Retry-After", "1")
        .into_response()
}
