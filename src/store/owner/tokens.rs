//! API tokens: for programs that use the API.

use super::USE_PRECISION;
use crate::config::Secret;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::secrets::{hash, random, random_id};
use chrono::{DateTime, Utc};
use entity::api_token::{Column, Entity, Model};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter,
    QueryOrder, QueryTrait,
};

/// Scanners for leaked secrets recognize a token by it.
const PREFIX: &str = "mtm_";

pub struct NewToken {
    pub name: String,
    /// Words with a space between.
    pub scopes: String,
    pub created_at: DateTime<Utc>,
    /// `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Stores a token. Returns its row, and the token itself, which is not stored.
pub async fn create_token(database: &Database, new: NewToken) -> Result<(Model, Secret)> {
    let secret = Secret::new(format!("{PREFIX}{}", random().expose()));
    let row = Model {
        token_id: random_id(),
        secret_hash: hash(secret.expose()),
        name: new.name,
        scopes: new.scopes,
        created_at: new.created_at,
        expires_at: new.expires_at,
        last_used_at: None,
    };
    let insert = Insert::one(row.clone().into_active_model());
    database.write_one(&insert.into_query()).await?;
    Ok((row, secret))
}

/// The token with this secret, if it has not expired.
pub async fn token(
    db: &impl ConnectionTrait,
    secret_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Model>> {
    let is_valid = Condition::any()
        .add(Column::ExpiresAt.is_null())
        .add(Column::ExpiresAt.gt(now));
    let token = Entity::find()
        .filter(Column::SecretHash.eq(secret_hash))
        .filter(is_valid);
    Ok(token.one(db).await?)
}

/// All tokens, expired ones too, the latest first.
pub async fn tokens(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let tokens = Entity::find()
        .order_by_desc(Column::CreatedAt)
        .order_by_asc(Column::TokenId);
    Ok(tokens.all(db).await?)
}

/// Records that a token was used, once an hour at most.
pub async fn token_used(database: &Database, token: &Model, now: DateTime<Utc>) -> Result<()> {
    let cutoff = now - USE_PRECISION;
    if token.last_used_at.is_some_and(|at| at > cutoff) {
        return Ok(());
    }
    let is_long_ago = Column::LastUsedAt
        .is_null()
        .or(Column::LastUsedAt.lte(cutoff));
    let used = Entity::update_many()
        .col_expr(Column::LastUsedAt, now.into())
        .filter(Column::TokenId.eq(&token.token_id))
        .filter(is_long_ago);
    database.write_one(&used.into_query()).await.map(drop)
}

/// Revokes all tokens.
pub async fn delete_tokens(db: &impl ConnectionTrait) -> Result<()> {
    Entity::delete_many().exec(db).await?;
    Ok(())
}

/// Revokes a token. Returns its row.
pub async fn delete_token(database: &Database, token_id: &str) -> Result<Model> {
    let work = database.begin().await?;
    let token = Entity::find_by_id(token_id).one(&work).await?;
    Entity::delete_by_id(token_id).exec(&work).await?;
    work.commit().await?;
    token.ok_or_else(|| Error::NotFound(format!("there is no token {token_id}")))
}
