//! The SQLite file, to take along.

use super::Turns;
use crate::clock::Clock;
use crate::db::Database;
use crate::owner::Log;
use entity::log_entry::Event;
use futures_util::stream::try_unfold;
use poem::http::header;
use poem::web::Data;
use poem::{Body, IntoResponse, Response, Result, handler};
use std::path::Path;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

/// Read at a time.
const CHUNK_BYTES: usize = 64 << 10;

const SQLITE: &str = "application/vnd.sqlite3";

/// A copy as it is at one moment. The file of the database itself is of no use while it is written.
#[handler]
pub async fn download(
    database: Data<&Database>,
    clock: Data<&Clock>,
    turns: Data<&Turns>,
    log: Log,
) -> Result<Response> {
    let Some(file) = database.file().await? else {
        return Err(poem::error::NotFoundError.into());
    };
    let turn = turns.take()?;
    let folder = folder_beside(&file).map_err(poem::error::InternalServerError)?;
    let copy = folder.path().join("copy.db");
    database.copy_to(&copy).await?;
    let copy = tokio::fs::File::open(&copy)
        .await
        .map_err(poem::error::InternalServerError)?;
    let about = copy.metadata().await;
    let size_bytes = about.map_err(poem::error::InternalServerError)?.len();
    // The name goes now, and the content when it is sent, also if the program is killed.
    drop(folder);
    log.record(Event::Exported, "SQLite file").await;
    let chunks = try_unfold((copy, turn), async |(mut copy, turn)| {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let part = (&mut copy).take(CHUNK_BYTES as u64);
        let size = { part }.read_to_end(&mut chunk).await?;
        Ok::<_, std::io::Error>((size > 0).then_some((chunk, (copy, turn))))
    });
    let name = format!("music-time-machine-{}.db", clock.today());
    Ok(Response::builder()
        .content_type(SQLITE)
        .header(header::CONTENT_LENGTH, size_bytes)
        .header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        )
        .body(Body::from_bytes_stream(chunks))
        .into_response())
}

/// The disk of the database has more room than the one for temporary files.
fn folder_beside(file: &Path) -> std::io::Result<TempDir> {
    let beside = file.parent().unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".music-time-machine-copy-")
        .tempdir_in(beside)
        .or_else(|_| tempfile::tempdir())
}
