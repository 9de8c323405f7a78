//! The connection as JSON.

use super::RedirectUri;
use super::query::{self, ConnectionState};
use crate::api::json::{Deleted, Json, JsonResult};
use crate::capture::Capturer;
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::owner::Log;
use crate::store::connection::{connection, forget};
use entity::log_entry::Event;
use poem::Result;
use poem::web::Data;
use poem_openapi::{OpenApi, Tags};

pub struct ConnectionApi;

#[derive(Tags)]
enum Tag {
    /// The connection to Spotify
    Connection,
}

#[OpenApi(tag = "Tag::Connection")]
impl ConnectionApi {
    /// Get the state of the connection to Spotify
    ///
    /// The owner connects in the browser, on the page `/settings/spotify`.
    #[oai(path = "/connection", method = "get", operation_id = "get_connection")]
    async fn get_connection(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        capturer: Data<&Capturer>,
        redirect_uri: Data<&RedirectUri>,
    ) -> JsonResult<ConnectionState> {
        let db = db.read_transaction().await?;
        let stored = connection(&db).await?;
        let stored = stored.as_ref();
        let state =
            query::connection_state(&db, &capturer, &redirect_uri, stored, clock.now()).await?;
        Ok(Json(state))
    }

    /// End the connection to Spotify
    ///
    /// Forgets the tokens. The library stays.
    #[oai(
        path = "/connection",
        method = "delete",
        operation_id = "delete_connection"
    )]
    async fn delete_connection(&self, db: Data<&Database>, log: Log) -> Result<Deleted> {
        match connection(&db.read()).await? {
            None => Err(Error::NotFound("not connected to Spotify".into()).into()),
            Some(_) => {
                forget(&db).await?;
                log.record(Event::SpotifyDisconnected, "").await;
                Ok(Deleted)
            }
        }
    }
}
