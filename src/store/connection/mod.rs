//! The connection to the provider: the only reader and writer of its row, of pending authorizations, of leases and of
//! sent notices. Tokens come in and go out encrypted.
//!
//! A connection is recognized by `authorized_at`: what belongs to an earlier consent changes nothing any more.

mod authorizations;
mod leases;
mod notices;
mod pauses;
mod tokens;

pub use authorizations::{
    AUTHORIZATION_MINUTES, NewAuthorization, PendingAuthorization, begin_authorization,
    take_authorization,
};
pub use leases::{Lease, acquire_lease, is_held, release_lease};
pub use notices::{Notice, record_notice, unresolved_notice, was_sent};
pub use pauses::{not_before, set_not_before};
pub use tokens::{SealedTokens, StoredTokens};

use crate::db::Database;
use crate::error::Result;
use crate::secrets::Sealed;
use chrono::{DateTime, Utc};
pub use entity::connection::State;
use entity::connection::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, Insert, QueryFilter, QueryTrait,
};

/// The key of the one row.
const ONLY: i16 = 1;

/// The connection as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub client_id: String,
    pub account_id: String,
    pub account_name: String,
    /// When the owner consented.
    pub authorized_at: DateTime<Utc>,
    pub state: State,
    /// Why the provider refuses, as a word of the caller.
    pub refusal: Option<String>,
    /// When the provider first answered `invalid_grant`. An hour later it ends the consent.
    pub invalid_grant_at: Option<DateTime<Utc>>,
    /// When the provider last answered with data.
    pub last_answer_at: Option<DateTime<Utc>>,
    access_token: Option<(Sealed, DateTime<Utc>)>,
    refresh_token: Option<Sealed>,
}

/// A consent that was just given.
#[derive(Clone, Debug)]
pub struct NewConnection {
    pub client_id: String,
    pub account_id: String,
    pub account_name: String,
    pub authorized_at: DateTime<Utc>,
    pub tokens: SealedTokens,
}

/// `None`: not connected.
pub async fn connection(db: &impl ConnectionTrait) -> Result<Option<Connection>> {
    let row = Entity::find_by_id(ONLY).one(db).await?;
    Ok(row.map(Connection::of))
}

impl Connection {
    fn of(row: Model) -> Self {
        Self {
            client_id: row.client_id,
            account_id: row.account_id,
            account_name: row.account_name,
            authorized_at: row.authorized_at,
            state: row.state,
            refusal: row.reason,
            invalid_grant_at: row.invalid_grant_at,
            last_answer_at: row.last_answer_at,
            access_token: row
                .access_token
                .map(Sealed::stored)
                .zip(row.access_token_expires_at),
            refresh_token: row.refresh_token.map(Sealed::stored),
        }
    }
}

/// Replaces the connection, whatever its state.
pub async fn connect(database: &Database, new: NewConnection) -> Result<()> {
    let mut row = ActiveModel {
        connection_id: ActiveValue::Set(ONLY),
        client_id: ActiveValue::Set(new.client_id),
        account_id: ActiveValue::Set(new.account_id),
        account_name: ActiveValue::Set(new.account_name),
        authorized_at: ActiveValue::Set(new.authorized_at),
        state: ActiveValue::Set(State::Connected),
        reason: ActiveValue::Set(None),
        invalid_grant_at: ActiveValue::Set(None),
        last_answer_at: ActiveValue::Set(None),
        ..Default::default()
    };
    let tokens = new.tokens;
    row.access_token = ActiveValue::Set(Some(tokens.access_token.into_text()));
    row.access_token_expires_at = ActiveValue::Set(Some(tokens.access_token_expires_at));
    row.refresh_token = ActiveValue::Set(tokens.refresh_token.map(Sealed::into_text));
    let mut replace = OnConflict::column(Column::ConnectionId);
    replace.update_columns([
        Column::ClientId,
        Column::AccountId,
        Column::AccountName,
        Column::AuthorizedAt,
        Column::State,
        Column::Reason,
        Column::InvalidGrantAt,
        Column::LastAnswerAt,
        Column::AccessToken,
        Column::AccessTokenExpiresAt,
        Column::RefreshToken,
    ]);
    let insert = Insert::one(row).on_conflict(replace).into_query();
    database.write_one(&insert).await.map(drop)
}

/// Stores what a refresh answered, before the access token is used. Without a new refresh token the old one stays. A
/// refresh that works ends `invalid_grant_at`. Returns whether the consent is still the same.
pub async fn save_refreshed(
    database: &Database,
    authorized_at: DateTime<Utc>,
    tokens: SealedTokens,
) -> Result<bool> {
    let mut row = unchanged();
    row.access_token = ActiveValue::Set(Some(tokens.access_token.into_text()));
    row.access_token_expires_at = ActiveValue::Set(Some(tokens.access_token_expires_at));
    row.invalid_grant_at = ActiveValue::Set(None);
    if let Some(refresh_token) = tokens.refresh_token {
        row.refresh_token = ActiveValue::Set(Some(refresh_token.into_text()));
    }
    update(database, authorized_at, row).await
}

/// The provider answered with data.
pub async fn mark_connected(
    database: &Database,
    authorized_at: DateTime<Utc>,
    answered_at: DateTime<Utc>,
) -> Result<bool> {
    let mut row = unchanged();
    row.state = ActiveValue::Set(State::Connected);
    row.reason = ActiveValue::Set(None);
    row.last_answer_at = ActiveValue::Set(Some(answered_at));
    update(database, authorized_at, row).await
}

/// The provider refuses, for the reason that this word says.
pub async fn mark_refused(
    database: &Database,
    authorized_at: DateTime<Utc>,
    refusal: &str,
) -> Result<bool> {
    let mut row = unchanged();
    row.state = ActiveValue::Set(State::Refused);
    row.reason = ActiveValue::Set(Some(refusal.to_owned()));
    update(database, authorized_at, row).await
}

/// The provider answered `invalid_grant` for the first time.
pub async fn mark_invalid_grant(
    database: &Database,
    authorized_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut row = unchanged();
    row.invalid_grant_at = ActiveValue::Set(Some(now));
    update(database, authorized_at, row).await
}

/// The consent has ended. Its tokens are deleted.
pub async fn mark_consent_ended(database: &Database, authorized_at: DateTime<Utc>) -> Result<bool> {
    let mut row = unchanged();
    row.state = ActiveValue::Set(State::ConsentEnded);
    row.reason = ActiveValue::Set(None);
    row.access_token = ActiveValue::Set(None);
    row.access_token_expires_at = ActiveValue::Set(None);
    row.refresh_token = ActiveValue::Set(None);
    update(database, authorized_at, row).await
}

/// Deletes the connection and what has begun. The library stays, and so does a pause that the provider asked for.
pub async fn forget(database: &Database) -> Result<()> {
    let work = database.begin().await?;
    entity::authorization::Entity::delete_many()
        .exec(&work)
        .await?;
    Entity::delete_many().exec(&work).await?;
    work.commit().await?;
    Ok(())
}

fn unchanged() -> ActiveModel {
    ActiveModel::default()
}

/// Returns whether there was a row to change.
async fn update(
    database: &Database,
    authorized_at: DateTime<Utc>,
    row: ActiveModel,
) -> Result<bool> {
    let is_same_consent = Column::AuthorizedAt.eq(authorized_at);
    let update = Entity::update_many().set(row).filter(is_same_consent);
    let result = database.write_one(&update.into_query()).await?;
    Ok(result.rows_affected() == 1)
}
