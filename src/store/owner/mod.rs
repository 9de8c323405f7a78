//! The owner and what lets them in: the password, sessions, API tokens and set-up tokens; and the log of what they did.
//!
//! Secrets are stored as hashes: the password by Argon2id, the others by SHA-256, which is enough for 256 random bits.

mod log;
mod sessions;
mod set_up;
mod tokens;

pub use log::{Entry, record_event};
pub use sessions::{
    IDLE_DAYS, LIFETIME_DAYS, NewSession, create_session, end_other_sessions, end_session, session,
    session_ends_at, session_seen, sessions,
};
pub use set_up::{add_set_up_token, set_up};
pub use tokens::{NewToken, create_token, delete_token, token, token_used, tokens};

use sessions::end_sessions;
use tokens::delete_tokens;

use crate::db::{self, Database};
use crate::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::owner::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, Insert, QueryFilter};

/// The key of the one row.
const ONLY: i16 = 1;

/// The last use of a session and of a token is written once an hour at most.
const USE_PRECISION: TimeDelta = TimeDelta::hours(1);

/// `None`: the program has no owner yet.
pub async fn owner(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(ONLY).one(db).await?)
}

/// Replaces the password with this hash, and ends all sessions. Returns how many were ended, or `None` if the password is
/// another one by now.
pub async fn change_password(
    database: &Database,
    (old_hash, new_hash): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<u64>> {
    let work = database.begin().await?;
    let changed = Entity::update_many()
        .set(row(new_hash, now))
        .filter(Column::PasswordHash.eq(old_hash))
        .exec(&work)
        .await?;
    if changed.rows_affected == 0 {
        return Ok(None);
    }
    let ended = end_sessions(&work, None).await?;
    work.commit().await?;
    Ok(Some(ended))
}

/// Sets the password, whether there was one or not, and ends all sessions. API tokens that were made before there was an
/// owner are revoked. Returns how many sessions were ended.
pub async fn set_password(
    database: &Database,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let work = database.begin().await?;
    db::lock_owner(&work).await?;
    if owner(&work).await?.is_none() {
        delete_tokens(&work).await?;
    }
    let mut replace = OnConflict::column(Column::OwnerId);
    replace.update_columns([Column::PasswordHash, Column::PasswordSetAt]);
    Insert::one(row(password_hash, now))
        .on_conflict(replace)
        .exec_without_returning(&work)
        .await?;
    let ended = end_sessions(&work, None).await?;
    work.commit().await?;
    Ok(ended)
}

fn row(password_hash: &str, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        owner_id: ActiveValue::Set(ONLY),
        password_hash: ActiveValue::Set(password_hash.to_owned()),
        password_set_at: ActiveValue::Set(now),
    }
}
