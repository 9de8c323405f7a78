//! The `capture` command.

use super::{Capturer, Unable};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::secrets::Secrets;
use entity::capture::{self, Outcome};
use sea_orm::ActiveEnum;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long the command waits for another capture to end.
const WAIT: Duration = Duration::from_secs(30);

/// Takes today's lists and prints how it went. Returns whether each came.
pub async fn run(config: &Config, clock: &Clock) -> anyhow::Result<bool> {
    let database = Database::ready(config).await?;
    let secrets = Secrets::new(config.secrets.key, &config.database()?);
    let capturer = Capturer::new(config, secrets, database.clone(), clock.clone())?.without_log();
    let until = Instant::now() + WAIT;
    let rows = loop {
        match capturer.take_patiently().await {
            Err(Unable::Running) if Instant::now() < until => sleep(Duration::from_secs(1)).await,
            result => break result.map_err(|unable| in_terminal(unable, config))?,
        }
    };
    for row in &rows {
        println!("{}", line(row));
    }
    database.close().await?;
    Ok(rows.iter().all(|row| row.outcome != Outcome::Failed))
}

/// As in `2026-03-01 short_term: captured, 50 tracks`.
fn line(row: &capture::Model) -> String {
    let (day, range, outcome) = (
        row.snapshot_date,
        row.time_range.word(),
        row.outcome.to_value(),
    );
    match &row.reason {
        Some(reason) => format!("{day} {range}: {outcome}: {reason}"),
        None => format!("{day} {range}: {outcome}, {} tracks", row.track_count),
    }
}

/// With the whole address of the page.
fn in_terminal(unable: Unable, config: &Config) -> anyhow::Error {
    let page = config.page("/settings/spotify");
    match unable {
        Unable::NotConnected => {
            anyhow::anyhow!("not connected to Spotify: connect on {page} while the program serves")
        }
        Unable::ConsentEnded => anyhow::anyhow!(
            "Spotify’s permission has ended: connect again on {page} while the program serves"
        ),
        other => other.into(),
    }
}
