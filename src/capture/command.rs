//! The `capture` command, and what the `check` command says of the connection.

use super::schedule::CONSENT_NOTICE_DAYS;
use super::{Capturer, Unable};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::secrets::Secrets;
use crate::spotify::{Refusal, consent_ends_at};
use crate::store::connection::{State, connection};
use entity::capture::Outcome;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The connection in one line, with a warning from the fifth month on.
pub async fn report(database: &Database, clock: &Clock) -> anyhow::Result<String> {
    const PAGE: &str = "on the page /settings/spotify";
    let Some(connection) = connection(&database.read()).await? else {
        return Ok(format!("spotify: not connected; connect {PAGE}"));
    };
    let ends_at = consent_ends_at(connection.authorized_at);
    let (ends_on, days) = (clock.local(ends_at).date(), clock.days_until(ends_at));
    Ok(match connection.state {
        State::ConsentEnded => {
            format!("spotify: WARNING: the permission has ended; connect again {PAGE}")
        }
        State::Refused => {
            let word = connection.refusal.unwrap_or_default();
            format!("spotify: WARNING: {}", Refusal::of_word(&word))
        }
        State::Connected if days <= CONSENT_NOTICE_DAYS[0] => {
            format!("spotify: WARNING: the permission ends on {ends_on}; renew it {PAGE}")
        }
        State::Connected => format!("spotify: connected, the permission ends on {ends_on}"),
    })
}

/// How long the command waits for another capture to end.
const WAIT: Duration = Duration::from_secs(30);

/// Takes today's lists and prints how it went. Returns whether each came.
pub async fn run(config: &Config, clock: &Clock) -> anyhow::Result<bool> {
    let database = Database::ready(config).await?;
    let secrets = Secrets::new(config.secrets.key, &config.database()?);
    let capturer = Capturer::new(config, secrets, database.clone(), clock.clone())?;
    let until = Instant::now() + WAIT;
    let rows = loop {
        match capturer.take_patiently().await {
            Err(Unable::Running) if Instant::now() < until => sleep(Duration::from_secs(1)).await,
            result => break result?,
        }
    };
    for row in &rows {
        let (day, range) = (row.snapshot_date, row.time_range.word());
        match &row.reason {
            Some(reason) => println!("{day} {range}: no list came. {reason}."),
            None => println!("{day} {range}: {} tracks", row.track_count),
        }
    }
    database.close().await?;
    Ok(rows.iter().all(|row| row.outcome != Outcome::Failed))
}
