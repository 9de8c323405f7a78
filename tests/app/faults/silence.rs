//! The database stops responding under load. Connections stay open.

use crate::harness::load::Load;
use crate::harness::proxy::Mode;
use crate::harness::{Response, TestApp};
use futures_util::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const SILENCE: Duration = Duration::from_secs(6);
const RECOVERY: Duration = Duration::from_secs(3);
/// After this time the program has replaced every dead connection.
const REPLACED: Duration = Duration::from_secs(6);
const TIMEOUT: Duration = Duration::from_secs(20);
/// Connections in the pool.
const POOL: usize = 10;
const RANK: &str = "/api/snapshots/2026-03-01/short_term/writer0";

async fn the_program_recovers_from(mode: Mode) {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&app, 20, 5).await;
    sleep(Duration::from_secs(1)).await;

    proxy.set(mode);
    sleep(SILENCE).await;
    proxy.set(Mode::Pass);
    let track = json!({ "name": "After", "artist_name": "Somebody" });
    let rank = json!({ "rank": 1 });
    let recoveries = tokio::join!(
        app.retry_get("/api/summary", RECOVERY),
        app.retry_put("/api/tracks/after", &track, RECOVERY),
        app.retry_put(RANK, &rank, REPLACED),
    );
    sleep(Duration::from_secs(1)).await;
    let record = load.stop().await;

    record.must_be_ok_or_busy();
    match mode {
        Mode::Hold => record.must_be_stored_in_any_order(&app).await,
        _ => record.must_be_stored(&app).await,
    }
    sleep(REPLACED).await;
    let (open, lost) = (proxy.open(), proxy.lost());
    assert!(open - lost <= POOL, "{open} connections, {lost} lost");
    println!("{mode:?}: {record}, recovered after {recoveries:?}, {open} open, {lost} lost");
}

#[tokio::test]
async fn the_program_recovers_when_a_silent_database_responds_again() {
    the_program_recovers_from(Mode::Hold).await;
}

#[tokio::test]
async fn the_program_recovers_when_silent_connections_are_dead() {
    the_program_recovers_from(Mode::Lose).await;
}

/// sqlx pings a connection that returns to the pool, without a timeout. The program checks the
/// connection before that, but the silence may begin between the check and the ping.
#[tokio::test]
async fn connections_that_die_while_they_return_do_not_shrink_the_pool() {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&app, 40, 5).await;
    proxy.set(Mode::Delay(Duration::from_millis(100)));
    sleep(Duration::from_secs(2)).await;

    proxy.set(Mode::Lose);
    sleep(SILENCE).await;
    proxy.set(Mode::Pass);
    let record = load.stop().await;
    sleep(REPLACED).await;
    record.must_be_ok_or_busy();

    // Slow replies, so that the requests need all connections at the same time.
    proxy.set(Mode::Delay(Duration::from_millis(100)));
    let usable = || proxy.open() - proxy.lost();
    let started = Instant::now();
    while usable() < POOL && started.elapsed() < TIMEOUT {
        let paths = (1..=40).map(|limit| format!("/api/tracks?limit={limit}"));
        let reads = join_all(paths.map(async |path| app.get(&path).await)).await;
        reads.iter().for_each(Response::must_be_ok_or_busy);
        // A write invalidates the cached responses.
        app.put(RANK, json!({ "rank": 1 })).await;
    }
    println!("{} lost, {} of {POOL} usable", proxy.lost(), usable());
    assert_eq!(usable(), POOL, "the pool has shrunk");
}
