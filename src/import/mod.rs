//! Imports files: streams them, whatever their size, and ends with an account that adds up.
//!
//! [`files`] finds the files, and [`origin`] takes day and range from their paths. A thread reads them
//! ([`read`]). Meanwhile the other side writes tracks ([`write`]), lists ([`lists`]) and what archives hold
//! ([`archived`]), and counts them ([`account`]).

mod account;
mod archived;
mod files;
mod lists;
mod origin;
mod read;
mod write;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use account::Report;
use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use entity::snapshot::TimeRange;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The capacity of the channel between reader and writer, in batches of tracks.
const QUEUE: usize = 16;

pub const HELP: &str = "\
The content of a file decides how it is read, gzipped or not:
  - a top list as the provider answers it, with its day and range in the path
    (2026-03-01/short_term.json, 2024-03-11T083403Z.short_term.json.gz) or in the flags;
    the latest of several for one day and range is kept
  - track objects alone: an array, one per line, a playlist, saved tracks, whole pages
  - an archive that export has written: tracks, lists and the ledger come back as they were. In a
    library with other content the better payload and the later list of a day are kept; what was
    deleted since comes back

Importing twice changes nothing. An import that was interrupted can be run again.

Examples:
  music-time-machine import captures/ saved_tracks.json.gz
  music-time-machine import --date 2026-03-01 --time-range short_term top.json
  DATABASE_URL=postgres://… music-time-machine import --report refused.ndjson captures/";

#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// Files and folders; - reads standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The day of the lists; overrides the day in their path
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = crate::payload::day)]
    pub date: Option<NaiveDate>,

    /// The time range of the lists; overrides the range in their path
    #[arg(long, value_name = "RANGE", value_parser = origin::time_range)]
    pub time_range: Option<TimeRange>,

    /// Write every refusal to this file, one JSON object per line
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    /// Print the account as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Imports the files that the arguments name. Returns whether all of them could be read.
pub async fn run(config: &Config, clock: &Clock, args: ImportArgs) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut report = Report::open(args.report.as_deref())?;
    let files = files::find(&args.paths, args.date, args.time_range, &mut report)?;
    let database = Database::ready(config).await?;
    let progress = progress_bar(files.iter().map(|file| file.size_bytes).sum());

    let (sender, receiver) = mpsc::channel(QUEUE);
    let reader = {
        let progress = progress.clone();
        tokio::task::spawn_blocking(move || read::all(files, progress, sender))
    };
    let account = write::all(&database, clock, receiver, &mut report).await;
    progress.finish_and_clear();
    reader.await.context("the reading thread stopped")?;
    let account = account?;
    report.finish()?;
    database.close().await?;

    match args.json {
        true => println!("{}", serde_json::to_string(&account)?),
        false => print!("{}", account.text(started.elapsed(), &report)),
    }
    for line in report.warnings() {
        eprintln!("{line}");
    }
    Ok(report.all_read())
}

/// Drawn on a terminal only.
fn progress_bar(size_bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{bar:32} {percent:>3} %  {bytes} of {total_bytes}, {eta} to go  {msg}",
    )
    .expect("the template is well formed");
    let progress = ProgressBar::new(size_bytes).with_style(style);
    progress.enable_steady_tick(Duration::from_millis(200));
    progress
}
