//! How a server gets an owner: from `OWNER_PASSWORD`, or by a token in the log.

use super::log::Log;
use super::passwords::Passwords;
use crate::clock::Clock;
use crate::config::OwnerPassword;
use crate::db::Database;
use crate::error::Result;
use crate::store::owner::{add_set_up_token, owner, set_password};
use entity::log_entry::Event;

/// Makes `OWNER_PASSWORD` the password, if it is another than before. Then all sessions end.
pub async fn adopt_setting(
    database: &Database,
    clock: &Clock,
    passwords: &Passwords,
    setting: &OwnerPassword,
) -> Result<()> {
    let stored = owner(&database.read()).await?;
    let stored = stored.map(|owner| owner.password_hash);
    let is_first = stored.is_none();
    let new = match setting {
        OwnerPassword::Hash(hash) if stored.as_deref() == Some(hash.expose()) => return Ok(()),
        OwnerPassword::Hash(hash) => hash.expose().to_owned(),
        OwnerPassword::Clear(password) => {
            if let Some(stored) = stored
                && passwords.verify(password.clone(), stored).await?
            {
                return Ok(());
            }
            passwords.hash(password.clone()).await?
        }
    };
    let ended = set_password(database, &new, clock.now()).await?;
    let log = Log::of_command(database, clock);
    match is_first {
        true => log.record(Event::SetUp, "OWNER_PASSWORD").await,
        false => {
            let detail = format!("OWNER_PASSWORD; sessions ended: {ended}");
            log.record(Event::PasswordChanged, &detail).await;
        }
    }
    tracing::info!(
        ended_sessions = ended,
        "the owner's password is the one of OWNER_PASSWORD"
    );
    Ok(())
}

/// Stores a new set-up token, and writes it to the log. `page` is the address of the page that takes it. If `only_if_none`
/// is set and a token is valid, nothing is done.
pub async fn log_set_up_token(
    database: &Database,
    clock: &Clock,
    page: &str,
    only_if_none: bool,
) -> Result<()> {
    let added = add_set_up_token(database, clock.now(), only_if_none).await?;
    if let Some((token, expires_at)) = added {
        let until = clock.local(expires_at).format("%H:%M").to_string();
        let token = token.expose();
        tracing::info!("set up at {page} with the token {token} until {until}");
    }
    Ok(())
}
