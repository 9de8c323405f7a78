//! Set-up tokens: whoever reads the log of a server without an owner may become its owner.

use super::row;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::secrets::{hash, random_set_up_token};
use chrono::{DateTime, TimeDelta, Utc};
use entity::set_up_token::{self, Column};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter};

const VALID_FOR: TimeDelta = TimeDelta::hours(1);

/// Stores a new token, and deletes those that have expired. Returns it, with its end.
pub async fn add_set_up_token(
    database: &Database,
    now: DateTime<Utc>,
) -> Result<(Secret, DateTime<Utc>)> {
    let token = random_set_up_token();
    let expires_at = now + VALID_FOR;
    let row = set_up_token::Model {
        secret_hash: hash(token.expose()),
        expires_at,
    };
    let work = database.begin().await?;
    set_up_token::Entity::delete_many()
        .filter(Column::ExpiresAt.lte(now))
        .exec(&work)
        .await?;
    Insert::one(row.into_active_model())
        .exec_without_returning(&work)
        .await?;
    work.commit().await?;
    Ok((token, expires_at))
}

/// Whether a token is valid now.
pub async fn has_set_up_token(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool> {
    let valid = set_up_token::Entity::find().filter(Column::ExpiresAt.gt(now));
    Ok(valid.one(db).await?.is_some())
}

/// Makes the holder of a set-up token the owner, once. Returns whether the token was valid and there was no owner.
pub async fn set_up(
    database: &Database,
    token: &Secret,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let work = database.begin().await?;
    let used = set_up_token::Entity::delete_many()
        .filter(Column::SecretHash.eq(hash(token.expose())))
        .filter(Column::ExpiresAt.gt(now))
        .exec(&work)
        .await?;
    if used.rows_affected == 0 {
        return Ok(false);
    }
    let mut first = OnConflict::new();
    first.do_nothing();
    let inserted = Insert::one(row(password_hash, now))
        .on_conflict(first)
        .exec_without_returning(&work)
        .await?;
    set_up_token::Entity::delete_many().exec(&work).await?;
    work.commit().await?;
    Ok(inserted == 1)
}
