//! Set-up tokens: whoever reads the log of a server without an owner may become its owner.

use super::tokens::delete_tokens;
use super::{owner, row};
use crate::config::Secret;
use crate::db::{self, Database};
use crate::error::Result;
use crate::secrets::{hash, random_set_up_token};
use chrono::{DateTime, TimeDelta, Utc};
use entity::set_up_token::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter};

const VALID_FOR: TimeDelta = TimeDelta::hours(1);

/// Stores a new token, and deletes those that have expired. Returns it, with its end. If `only_if_none` is set and a token
/// is valid, nothing is stored.
pub async fn add_set_up_token(
    database: &Database,
    now: DateTime<Utc>,
    only_if_none: bool,
) -> Result<Option<(Secret, DateTime<Utc>)>> {
    let token = random_set_up_token();
    let expires_at = now + VALID_FOR;
    let row = set_up_token::Model {
        secret_hash: hash(token.expose()),
        expires_at,
    };
    let work = database.begin().await?;
    db::lock_owner(&work).await?;
    set_up_token::Entity::delete_many()
        .filter(Column::ExpiresAt.lte(now))
        .exec(&work)
        .await?;
    if only_if_none && set_up_token::Entity::find().one(&work).await?.is_some() {
        return Ok(None);
    }
    Insert::one(row.into_active_model())
        .exec_without_returning(&work)
        .await?;
    work.commit().await?;
    Ok(Some((token, expires_at)))
}

/// Makes the holder of a set-up token the owner, once. API tokens that were made before are revoked. Returns whether the
/// token was valid and there was no owner.
pub async fn set_up(
    database: &Database,
    token: &Secret,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let work = database.begin().await?;
    db::lock_owner(&work).await?;
    let used = set_up_token::Entity::delete_many()
        .filter(Column::SecretHash.eq(hash(token.expose())))
        .filter(Column::ExpiresAt.gt(now))
        .exec(&work)
        .await?;
    if used.rows_affected == 0 || owner(&work).await?.is_some() {
        return Ok(false);
    }
    Insert::one(row(password_hash, now))
        .exec_without_returning(&work)
        .await?;
    set_up_token::Entity::delete_many().exec(&work).await?;
    delete_tokens(&work).await?;
    work.commit().await?;
    Ok(true)
}
