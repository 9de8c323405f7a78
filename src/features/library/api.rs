//! The library as a whole, as operations.

use super::Turns;
use crate::api::json::response;
use crate::archive::{self, Chunk, Export};
use crate::clock::Clock;
use crate::db::Database;
use crate::html::components::counted;
use crate::owner::Log;
use crate::store;
use entity::log_entry::Event;
use futures_util::stream::try_unfold;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Body, IntoResponse, Response, Result};
use poem_openapi::param::Query;
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi, Tags};
use std::io;
use tokio::sync::OwnedSemaphorePermit;

#[derive(Default)]
pub struct LibraryApi {
    turns: Turns,
}

#[derive(Tags)]
enum Tag {
    /// The library as a whole
    Library,
}

#[OpenApi(tag = "Tag::Library")]
impl LibraryApi {
    /// Export the library
    ///
    /// Tracks with their payloads, lists and the ledger at one moment, as gzip NDJSON; nothing of the connection. The
    /// command `import` reads it back to the same state, on both engines. The last line has the numbers of tracks, lists
    /// and entries: without it the archive is not whole. Two exports run at once; a third is answered 503.
    #[oai(path = "/export", method = "get", operation_id = "export_library")]
    async fn export_library(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        log: Log,
    ) -> Result<Archive> {
        let turn = self.turns.take()?;
        let export = Export::begin(&db).await?;
        log.record(Event::Exported, "NDJSON").await;
        Ok(Archive {
            export,
            turn,
            file_name: archive::file_name(clock.today()),
        })
    }

    /// Clear the library
    ///
    /// Tracks, lists and the ledger go, in one transaction. The connection to Spotify stays. What is deleted can come
    /// back only from an export, or from the files of the lists.
    #[oai(path = "/library", method = "delete", operation_id = "clear_library")]
    async fn clear_library(
        &self,
        db: Data<&Database>,
        log: Log,
        /// The number of tracks in the library now, as a confirmation
        #[oai(validator(minimum(value = "0")))]
        track_count: Query<i64>,
    ) -> Result<Cleared> {
        store::clear_library(&db, track_count.0).await?;
        log.record(Event::LibraryCleared, &counted(track_count.0, "track"))
            .await;
        Ok(Cleared)
    }
}

/// An archive that is written while it is sent. If it fails, the response breaks off.
struct Archive {
    export: Export,
    turn: OwnedSemaphorePermit,
    file_name: String,
}

const GZIP: &str = "application/gzip";

impl IntoResponse for Archive {
    fn into_response(self) -> Response {
        let chunks = try_unfold(
            (self.export, self.turn),
            async |(mut export, turn)| match export.next().await {
                Ok(Chunk::Bytes(bytes)) => Ok(Some((bytes, (export, turn)))),
                Ok(Chunk::End(_)) => Ok(None),
                Err(cause) => {
                    tracing::warn!(%cause, "an export broke off");
                    Err(io::Error::other(cause))
                }
            },
        );
        let attachment = format!("attachment; filename=\"{}\"", self.file_name);
        Response::builder()
            .content_type(GZIP)
            .header(header::CONTENT_DISPOSITION, attachment)
            .body(Body::from_bytes_stream(chunks))
    }
}

impl ApiResponse for Archive {
    fn meta() -> MetaResponses {
        let binary = MetaSchema::new_with_format("string", "binary");
        let content = MetaMediaType {
            content_type: GZIP,
            schema: MetaSchemaRef::Inline(Box::new(binary)),
        };
        MetaResponses {
            responses: vec![response(200, "The archive", vec![content])],
        }
    }

    fn register(_: &mut Registry) {}
}

/// 204, or 409 if the library has another number of tracks.
struct Cleared;

impl IntoResponse for Cleared {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl ApiResponse for Cleared {
    fn meta() -> MetaResponses {
        let conflict = "The library has another number of tracks, and nothing was deleted";
        MetaResponses {
            responses: vec![
                response(204, "It is cleared", vec![]),
                response(409, conflict, vec![]),
            ],
        }
    }

    fn register(_: &mut Registry) {}
}
