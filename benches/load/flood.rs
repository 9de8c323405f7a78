//! A flood of different queries: whether memory stays bounded, and whether the dashboard stays cached.

use crate::client::{Connection, get};
use crate::library::{Library, Served};
use crate::process::memory_mb;
use crate::reads::{CHANGES, CONNECTIONS, time_after_change};
use crate::table::{Tables, ms, percentile};
use chrono::{Days, NaiveDate};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const QUERIES: usize = 100_000;
/// The flood ends after this time if the program is too slow for all queries.
const TIME_LIMIT: Duration = Duration::from_secs(300);

pub async fn measure(library: &Library, tables: &mut Tables) {
    let served = library.serve().await;
    let mut connection = Connection::open(&served.origin).await;
    let mut uncached = Vec::new();
    for _ in 0..CHANGES {
        uncached.push(time_after_change(&mut connection, library, "/dashboard").await);
    }
    let uncached = percentile(&mut uncached, 50);
    let before_mb = memory_mb(served.process).0;
    let sent = flood(&served).await;
    let (after_mb, peak_mb) = memory_mb(served.process);
    // The program may have closed the idle connection. The first request on the new one is not measured.
    let mut connection = Connection::open(&served.origin).await;
    connection.ask(&get("/livez")).await;
    let started = Instant::now();
    connection.ask(&get("/dashboard")).await;
    let after_flood = started.elapsed();
    let is_cached = after_flood < uncached / 2;
    tables.row(
        "A flood of different queries",
        &[
            "engine",
            "tracks",
            "queries",
            "before, MB",
            "after, MB",
            "peak, MB",
            "uncached dashboard, ms",
            "dashboard after the flood, ms",
            "still cached",
        ],
        [
            library.engine.to_string(),
            library.tracks.to_string(),
            sent.to_string(),
            format!("{before_mb:.0}"),
            format!("{after_mb:.0}"),
            format!("{peak_mb:.0}"),
            ms(uncached),
            ms(after_flood),
            if is_cached { "yes" } else { "no" }.into(),
        ],
    );
}

/// A day of two hundred years.
fn day(number: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
    first + Days::new((number % 73_000) as u64)
}

/// Sends the queries on all connections. Returns how many were sent.
async fn flood(served: &Served) -> usize {
    let mut tasks = JoinSet::new();
    let started = Instant::now();
    for first in 0..CONNECTIONS {
        let origin = served.origin.clone();
        tasks.spawn(async move {
            let mut connection = Connection::open(&origin).await;
            let mut sent = 0;
            for number in (first..QUERIES).step_by(CONNECTIONS) {
                if started.elapsed() > TIME_LIMIT {
                    break;
                }
                // Each connection sends both, in turn.
                let path = match number / CONNECTIONS % 2 {
                    0 => format!("/dashboard?x={number}"),
                    _ => format!("/api/captures?from={}", day(number)),
                };
                let status = connection.send(&get(&path)).await.status;
                assert!(status < 500, "{path}: {status}");
                sent += 1;
            }
            sent
        });
    }
    tasks.join_all().await.into_iter().sum()
}
