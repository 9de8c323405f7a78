//! The `capture` command.

use super::{Capturer, Unable};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::secrets::Secrets;
use entity::capture::Outcome;
use std::time::Duration;
use tokio::time::{Instant, sleep};

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
