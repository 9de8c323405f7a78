//! How a server gets an owner: from `OWNER_PASSWORD`, or by a token in the log.

use super::passwords::Passwords;
use crate::clock::Clock;
use crate::config::{OwnerPassword, Secret};
use crate::db::Database;
use crate::error::Result;
use crate::store::owner::{add_set_up_token, owner, set_password};

/// Makes `OWNER_PASSWORD` the password, if it is another than before. Then all sessions end.
pub async fn adopt_setting(
    database: &Database,
    clock: &Clock,
    passwords: &Passwords,
    setting: &OwnerPassword,
) -> Result<()> {
    let stored = owner(&database.read()).await?;
    let stored = stored.map(|owner| owner.password_hash);
    let new = match setting {
        OwnerPassword::Hash(hash) if stored.as_deref() == Some(hash.expose()) => return Ok(()),
        OwnerPassword::Hash(hash) => hash.expose().to_owned(),
        OwnerPassword::Clear(password) => {
            if stored.is_some() && passwords.verify(password.clone(), stored).await? {
                return Ok(());
            }
            passwords.hash(password.clone()).await?
        }
    };
    let ended = set_password(database, &new, clock.now(), None).await?;
    tracing::info!(
        ended_sessions = ended,
        "the owner's password is the one of OWNER_PASSWORD"
    );
    Ok(())
}

/// Stores a new set-up token, and writes it to the log. `page` is the address of the page that takes it.
pub async fn log_set_up_token(database: &Database, clock: &Clock, page: &str) -> Result<()> {
    let (token, expires_at) = add_set_up_token(database, clock.now()).await?;
    log(
        page,
        &token,
        &clock.local(expires_at).format("%H:%M").to_string(),
    );
    Ok(())
}

fn log(page: &str, token: &Secret, until: &str) {
    tracing::info!(
        "set up at {page} with the token {} until {until}",
        token.expose()
    );
}
