//! Sessions: browsers in which the owner has signed in.

use super::USE_PRECISION;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::secrets::{hash, random, random_id};
use chrono::{DateTime, TimeDelta, Utc};
use entity::owner;
use entity::session::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

/// A session ends when it was not used for so long.
pub const IDLE_DAYS: i64 = 14;
/// A session ends so long after the sign-in.
pub const LIFETIME_DAYS: i64 = 90;

/// The longest stored user agent, in characters.
const MAX_USER_AGENT: usize = 300;

pub struct NewSession<'a> {
    /// The hash of the password that was verified.
    pub password_hash: &'a str,
    pub user_agent: &'a str,
    pub address: &'a str,
    pub now: DateTime<Utc>,
}

/// Stores a session, ends an earlier one of the same browser, and deletes those that are over. Returns the secret for
/// the cookie, or `None` if the password was changed meanwhile.
pub async fn create_session(
    database: &Database,
    new: NewSession<'_>,
    replaced: Option<&str>,
) -> Result<Option<Secret>> {
    let secret = random();
    let row = Model {
        session_id: random_id(),
        secret_hash: hash(secret.expose()),
        user_agent: new.user_agent.chars().take(MAX_USER_AGENT).collect(),
        address: new.address.to_owned(),
        created_at: new.now,
        last_seen_at: new.now,
    };
    let work = database.begin().await?;
    // Locked, so that a change of the password waits for the session that it ends.
    let owner = owner::Entity::find().lock_shared().one(&work).await?;
    if owner.is_none_or(|owner| owner.password_hash != new.password_hash) {
        return Ok(None);
    }
    Entity::delete_many()
        .filter(is_current(new.now).not())
        .exec(&work)
        .await?;
    if let Some(replaced) = replaced {
        Entity::delete_by_id(replaced).exec(&work).await?;
    }
    Insert::one(row.into_active_model())
        .exec_without_returning(&work)
        .await?;
    work.commit().await?;
    Ok(Some(secret))
}

/// The session with this secret, if it is not over.
pub async fn session(
    db: &impl ConnectionTrait,
    secret_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Model>> {
    let session = Entity::find()
        .filter(Column::SecretHash.eq(secret_hash))
        .filter(is_current(now));
    Ok(session.one(db).await?)
}

/// The sessions that are not over, the one that was seen last first.
pub async fn sessions(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>> {
    let sessions = Entity::find()
        .filter(is_current(now))
        .order_by_desc(Column::LastSeenAt)
        .order_by_asc(Column::SessionId);
    Ok(sessions.all(db).await?)
}

/// Records that a session was used, once an hour at most.
pub async fn session_seen(database: &Database, session: &Model, now: DateTime<Utc>) -> Result<()> {
    let cutoff = now - USE_PRECISION;
    if session.last_seen_at > cutoff {
        return Ok(());
    }
    let seen = Entity::update_many()
        .col_expr(Column::LastSeenAt, now.into())
        .filter(Column::SessionId.eq(&session.session_id))
        .filter(Column::LastSeenAt.lte(cutoff));
    database.write_one(&seen.into_query()).await.map(drop)
}

/// Ends a session. `None` if there is none with this id.
pub async fn end_session(database: &Database, session_id: &str) -> Result<Option<Model>> {
    let work = database.begin().await?;
    let session = Entity::find_by_id(session_id).one(&work).await?;
    Entity::delete_by_id(session_id).exec(&work).await?;
    work.commit().await?;
    Ok(session)
}

/// Ends all sessions but one. Returns how many were ended.
pub async fn end_other_sessions(database: &Database, kept: Option<&str>) -> Result<u64> {
    let work = database.begin().await?;
    let ended = end_sessions(&work, kept).await?;
    work.commit().await?;
    Ok(ended)
}

/// The same within a transaction.
pub async fn end_sessions(db: &impl ConnectionTrait, kept: Option<&str>) -> Result<u64> {
    let mut others = Entity::delete_many();
    if let Some(kept) = kept {
        others = others.filter(Column::SessionId.ne(kept));
    }
    Ok(others.exec(db).await?.rows_affected)
}

/// When a session is over, unless it is used before.
pub fn session_ends_at(session: &Model) -> DateTime<Utc> {
    let idle = session.last_seen_at + TimeDelta::days(IDLE_DAYS);
    idle.min(session.created_at + TimeDelta::days(LIFETIME_DAYS))
}

fn is_current(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::LastSeenAt.gt(now - TimeDelta::days(IDLE_DAYS)))
        .add(Column::CreatedAt.gt(now - TimeDelta::days(LIFETIME_DAYS)))
}
