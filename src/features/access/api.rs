//! Tokens and sessions as JSON.

use super::body::TokenBody;
use super::query::{self, CreatedToken, SessionList, TokenList};
use crate::api::body::Body;
use crate::api::json::{Deleted, Json, JsonResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::owner::{Caller, Log, new_token};
use crate::store::owner::{delete_token, end_session};
use entity::log_entry::Event;
use poem::Result;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{OpenApi, Tags};

pub struct TokensApi;
pub struct SessionsApi;

#[derive(Tags)]
enum Tag {
    /// Tokens for programs that use the API
    Tokens,
    /// Browsers in which the owner has signed in
    Sessions,
}

#[OpenApi(tag = "Tag::Tokens")]
impl TokensApi {
    /// List the API tokens
    ///
    /// The latest first; expired ones too.
    #[oai(path = "/tokens", method = "get", operation_id = "list_tokens")]
    async fn list_tokens(&self, db: Data<&Database>) -> JsonResult<TokenList> {
        let items = query::tokens(&db.read()).await?;
        Ok(Json(TokenList { items }))
    }

    /// Make an API token
    ///
    /// The token is answered this once: the server keeps its hash alone.
    #[oai(path = "/tokens", method = "post", operation_id = "create_token")]
    async fn create_token(&self, log: Log, body: Body<TokenBody>) -> JsonResult<CreatedToken> {
        let asked = body.0;
        let (row, token) =
            new_token(&log, asked.name, &asked.scopes, asked.expires_in_days).await?;
        Ok(Json(CreatedToken {
            row: row.into(),
            token: token.expose().to_owned(),
        }))
    }

    /// Revoke an API token
    ///
    /// It is not accepted any more, from this moment on.
    #[oai(
        path = "/tokens/:token_id",
        method = "delete",
        operation_id = "delete_token"
    )]
    async fn delete_token(
        &self,
        db: Data<&Database>,
        log: Log,
        /// The id of the token
        token_id: Path<String>,
    ) -> Result<Deleted> {
        let row = delete_token(&db, &token_id).await?;
        log.record(Event::TokenRevoked, &row.name).await;
        Ok(Deleted)
    }
}

#[OpenApi(tag = "Tag::Sessions")]
impl SessionsApi {
    /// List the sessions
    ///
    /// Those that are not over, the one that was seen last first.
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn list_sessions(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        caller: Data<&Caller>,
    ) -> JsonResult<SessionList> {
        let items = query::sessions(&db.read(), clock.now(), caller.session_id()).await?;
        Ok(Json(SessionList { items }))
    }

    /// End a session
    ///
    /// The browser has to sign in again.
    #[oai(
        path = "/sessions/:session_id",
        method = "delete",
        operation_id = "delete_session"
    )]
    async fn delete_session(
        &self,
        db: Data<&Database>,
        log: Log,
        /// The id of the session
        session_id: Path<String>,
    ) -> Result<Deleted> {
        let Some(row) = end_session(&db, &session_id).await? else {
            return Err(Error::NotFound(format!("there is no session {}", session_id.0)).into());
        };
        log.record(Event::SessionEnded, &super::browser::name(&row.user_agent))
            .await;
        Ok(Deleted)
    }
}
