//! Two questions a platform asks: is the process alive, and can it serve.

use super::phase::{Life, Phase};
use crate::db::{Database, Schema};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};
use std::time::Duration;

/// The database gets this long to say that it is there.
const PATIENCE: Duration = Duration::from_secs(1);

/// The process answers; it asks nobody.
#[handler]
pub fn live() -> &'static str {
    "alive\n"
}

/// The database answers and its schema is current.
#[handler]
pub async fn ready(database: Data<&Database>, life: Data<&Life>) -> Response {
    if life.phase() == Phase::Stopping {
        return not_yet("stopping\n");
    }
    if !life.has_begun().await {
        return not_yet("waiting for the database\n");
    }
    match tokio::time::timeout(PATIENCE, database.schema()).await {
        Ok(Ok(Schema::Current)) => "ready\n".into_response(),
        Ok(Ok(Schema::Behind(_))) => {
            not_yet("the schema is not up to date; run: music-time-machine migrate\n")
        }
        // Changes only add, so the old program serves on while a newer one takes over.
        Ok(Ok(Schema::Newer(changes))) => {
            tracing::debug!(?changes, "the schema is newer than this program");
            "ready, though the schema is newer than this program\n".into_response()
        }
        Ok(Err(_)) | Err(_) => not_yet("the database is not answering\n"),
    }
}

fn not_yet(reason: &'static str) -> Response {
    reason
        .with_status(StatusCode::SERVICE_UNAVAILABLE)
        .with_header("Retry-After", "1")
        .into_response()
}
