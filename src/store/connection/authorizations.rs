//! Pending authorizations: each belongs to one browser, is valid for ten minutes, and can be taken once.

use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::secrets::{Purpose, Sealed, SecretError, Secrets, hash};
use chrono::{DateTime, TimeDelta, Utc};
use entity::authorization::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub const AUTHORIZATION_MINUTES: i64 = 10;

/// An authorization to store. `state` and `browser` are kept as hashes.
#[derive(Debug)]
pub struct NewAuthorization<'a> {
    pub state: &'a Secret,
    /// The cookie of the browser that begins.
    pub browser: &'a Secret,
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    /// For [`Purpose::Verifier`].
    pub verifier: Sealed,
}

/// An authorization that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAuthorization {
    pub client_id: String,
    pub redirect_uri: String,
    verifier: Sealed,
}

/// Stores an authorization, and deletes those that have expired.
pub async fn begin_authorization(
    database: &Database,
    new: NewAuthorization<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = Model {
        state_hash: hash(new.state.expose()),
        browser_hash: hash(new.browser.expose()),
        client_id: new.client_id.to_owned(),
        redirect_uri: new.redirect_uri.to_owned(),
        verifier: new.verifier.into_text(),
        expires_at: now + TimeDelta::minutes(AUTHORIZATION_MINUTES),
    };
    let work = database.begin().await?;
    let expired = Column::ExpiresAt.lte(now);
    Entity::delete_many().filter(expired).exec(&work).await?;
    Entity::insert(row.into_active_model())
        .exec_without_returning(&work)
        .await?;
    work.commit().await?;
    Ok(())
}

/// Takes an authorization away. `None` if there is none with this state and browser, or it has expired or was taken.
/// Another browser cannot use it up.
pub async fn take_authorization(
    database: &Database,
    state: &Secret,
    browser: &Secret,
    now: DateTime<Utc>,
) -> Result<Option<PendingAuthorization>> {
    let work = database.begin().await?;
    let taken = Entity::delete_many()
        .filter(Column::StateHash.eq(hash(state.expose())))
        .filter(Column::BrowserHash.eq(hash(browser.expose())))
        .exec_with_returning(&work)
        .await?;
    work.commit().await?;
    let valid = taken.into_iter().find(|row| row.expires_at > now);
    Ok(valid.map(|row| PendingAuthorization {
        client_id: row.client_id,
        redirect_uri: row.redirect_uri,
        verifier: Sealed::stored(row.verifier),
    }))
}

impl PendingAuthorization {
    pub fn verifier(&self, secrets: &Secrets) -> Result<Secret, SecretError> {
        secrets.open(Purpose::Verifier, &self.verifier)
    }
}
