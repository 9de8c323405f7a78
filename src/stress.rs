//! A stress test of the configured database: overlapping writes through the store, as requests make
//! them, to the ranks of a scratch track that is deleted afterwards.

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::payload::Track;
use crate::store;
use anyhow::{Context, ensure};
use chrono::{Days, NaiveDate};
use clap::Args;
use entity::snapshot::{self, TimeRange};
use entity::track;
use futures_util::future::try_join_all;
use indicatif::ProgressBar;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub const HELP: &str = "\
By default all writes go to one row, so that each waits for the one before. With --spread each
write goes to a row of its own. The scratch track is deleted at the end and nothing else is changed,
but while the test runs the library has lists of days in 1900. Exit status 0 means that every write
was acknowledged and that the rows are right.

Examples:
  music-time-machine stress
  music-time-machine stress --workers 200 --spread";

#[derive(Args, Clone, Copy, Debug)]
pub struct StressArgs {
    /// Number of writes
    #[arg(long, value_name = "NUMBER", default_value = "500", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    writes: u32,

    /// Number of concurrent writers; there may be more than connections
    #[arg(long, value_name = "NUMBER", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    workers: u32,

    /// Write to a different row each time
    #[arg(long)]
    spread: bool,
}

/// The prefix of the ids of scratch tracks. The provider's ids have no hyphen.
const PREFIX: &str = "music-time-machine-stress-";
/// A scratch track of this age was left by a test that was killed.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Writes, verifies the rows, and deletes the scratch track.
pub async fn run(config: &Config, clock: &Clock, args: StressArgs) -> anyhow::Result<()> {
    let database = Database::ready(config).await?;
    delete_abandoned(&database, clock).await?;
    let track_id = id(clock.now().timestamp(), std::process::id());
    store::put_track(&database, clock, &track_id, scratch_track()).await?;
    let tested = tokio::select! {
        tested = test(&database, &track_id, args) => tested,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    let deleted = store::delete_track(&database, &track_id).await;
    let elapsed = tested?.as_secs_f64();
    deleted.with_context(|| format!("the scratch track {track_id} is still there"))?;
    database.close().await?;
    println!("{} writes completed in {elapsed:.2}s", args.writes);
    Ok(())
}

fn id(seconds: i64, process: u32) -> String {
    format!("{PREFIX}{seconds:012}-{process}")
}

async fn delete_abandoned(database: &Database, clock: &Clock) -> anyhow::Result<()> {
    let hour_ago = clock.now().timestamp() - ABANDONED.as_secs() as i64;
    let abandoned: Vec<String> = track::Entity::find()
        .select_only()
        .column(track::Column::TrackId)
        .filter(track::Column::TrackId.gte(PREFIX))
        .filter(track::Column::TrackId.lt(id(hour_ago, 0)))
        .into_tuple()
        .all(&database.read())
        .await?;
    for track_id in abandoned {
        store::delete_track(database, &track_id).await?;
    }
    Ok(())
}

fn scratch_track() -> Track {
    Track {
        track_id: String::new(),
        name: "Stress test".into(),
        artist_name: "Music Time Machine".into(),
        album_name: None,
        duration_ms: None,
        spotify_url: None,
        payload_at: None,
        payload: None,
    }
}

/// An acknowledged write.
struct Write {
    /// Also the number of the write.
    rank: usize,
    started: Instant,
    acknowledged: Instant,
}

async fn test(database: &Database, track_id: &str, args: StressArgs) -> anyhow::Result<Duration> {
    let progress = ProgressBar::new(args.writes.into());
    let next = AtomicUsize::new(1);
    let worker = async || {
        let mut done = Vec::new();
        loop {
            let rank = next.fetch_add(1, Ordering::Relaxed);
            if rank > args.writes as usize {
                return anyhow::Ok(done);
            }
            let started = Instant::now();
            store::put_snapshot(database, track_id, list(rank, args.spread), rank as i32)
                .await
                .with_context(|| format!("write {rank} of {} failed", args.writes))?;
            progress.inc(1);
            done.push(Write {
                rank,
                started,
                acknowledged: Instant::now(),
            });
        }
    };
    let started = Instant::now();
    let writes = try_join_all((0..args.workers).map(|_| worker())).await?;
    let elapsed = started.elapsed();
    progress.finish_and_clear();
    let writes: Vec<Write> = writes.into_iter().flatten().collect();
    verify(database, track_id, args, &writes).await?;
    Ok(elapsed)
}

/// The list that a write goes to, of a day long before any real list.
fn list(rank: usize, spread: bool) -> (NaiveDate, TimeRange) {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
    let number = if spread { rank - 1 } else { 0 };
    let ranges = TimeRange::ALL;
    let day = first + Days::new((number / ranges.len()) as u64);
    (day, ranges[number % ranges.len()])
}

async fn verify(
    database: &Database,
    track_id: &str,
    args: StressArgs,
    writes: &[Write],
) -> anyhow::Result<()> {
    let rows: BTreeMap<(NaiveDate, TimeRange), i32> = snapshot::Entity::find()
        .filter(snapshot::Column::TrackId.eq(track_id))
        .all(&database.read())
        .await?
        .into_iter()
        .map(|row| ((row.snapshot_date, row.time_range), row.rank))
        .collect();
    ensure!(
        writes.len() == args.writes as usize,
        "{} of {} writes were acknowledged",
        writes.len(),
        args.writes
    );
    let rank_on = |list| rows.get(&list).copied().unwrap_or_default() as usize;
    if args.spread {
        ensure!(
            rows.len() == writes.len(),
            "there are {} rows, not {}",
            rows.len(),
            writes.len()
        );
        let lost = writes
            .iter()
            .find(|write| rank_on(list(write.rank, true)) != write.rank);
        ensure!(
            lost.is_none(),
            "write {} was acknowledged, but its row has another rank",
            lost.map_or(0, |write| write.rank)
        );
        return Ok(());
    }
    ensure!(rows.len() == 1, "there are {} rows, not 1", rows.len());
    let rank = rank_on(list(1, false));
    let last_started = writes.iter().map(|write| write.started).max();
    // A write that was acknowledged before another one started cannot be the last.
    let may_be_last =
        |write: &&Write| write.rank == rank && Some(write.acknowledged) >= last_started;
    ensure!(
        writes.iter().any(|write| may_be_last(&write)),
        "the rank is {rank}, which none of the last writes has written"
    );
    Ok(())
}
