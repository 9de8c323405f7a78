//! The database falls silent under load: nothing is refused, nothing comes.

use crate::harness::proxy::Mode;
use crate::harness::recorder::Load;
use crate::harness::rig::{Client, Heard, behind_proxy};
use futures_util::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const SILENCE: Duration = Duration::from_secs(6);
const SOON: Duration = Duration::from_secs(3);
/// By then a connection that is given up has been given up.
const GIVEN_UP: Duration = Duration::from_secs(6);
const LONG: Duration = Duration::from_secs(20);
const POOL: usize = 10;

async fn silence_is_survived(silence: Mode) {
    let (rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&rig.client, 20, 5).await;
    sleep(Duration::from_secs(1)).await;

    proxy.set(silence);
    sleep(SILENCE).await;
    proxy.set(Mode::Pass);
    let track = json!({ "name": "After", "artist_name": "Anybody" });
    let rank = (
        "/api/snapshots/2026-03-01/short_term/writer0",
        json!({ "rank": 1 }),
    );
    let (read, track, rank) = tokio::join!(
        rig.client.recovers("/api/summary", SOON),
        rig.client.takes_again("/api/tracks/after", &track, SOON),
        rig.client.takes_again(rank.0, &rank.1, GIVEN_UP),
    );
    sleep(Duration::from_secs(1)).await;
    let record = load.stop().await;

    record.must_be_fair();
    match silence {
        Mode::Hold => record.must_be_kept_or_overtaken(&rig.client).await,
        _ => record.must_be_kept(&rig.client).await,
    }
    sleep(GIVEN_UP).await;
    let alive = proxy.open() - proxy.lost();
    assert!(alive <= POOL, "{alive} connections are open");
    println!(
        "{silence:?}: {} asked, {} acknowledged, {} refused, latest {:?}, read, track, rank back after {read:?}, {track:?}, {rank:?}, {} open, {} stuck",
        record.heard.len(),
        record.acknowledged(),
        record.refused(),
        record.latest(),
        proxy.open(),
        proxy.lost()
    );
}

#[tokio::test]
async fn silence_that_ends_is_survived() {
    silence_is_survived(Mode::Hold).await;
}

#[tokio::test]
async fn silence_in_which_the_connections_die_is_survived() {
    silence_is_survived(Mode::Lose).await;
}

/// sqlx asks a connection for a sign of life when it comes back, and waits for it without end: that
/// is behind a look of our own, but silence may begin between the two.
#[tokio::test]
async fn connections_that_die_on_their_way_back_take_no_place_of_the_pool() {
    let (rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&rig.client, 40, 5).await;
    proxy.set(Mode::Delay(Duration::from_millis(100)));
    sleep(Duration::from_secs(2)).await;

    proxy.set(Mode::Lose);
    sleep(SILENCE).await;
    proxy.set(Mode::Pass);
    let record = load.stop().await;
    sleep(GIVEN_UP).await;
    record.must_be_fair();

    // Slow answers, so that all connections are needed at the same moment.
    proxy.set(Mode::Delay(Duration::from_millis(100)));
    let alive = || proxy.open() - proxy.lost();
    let started = Instant::now();
    while alive() < POOL && started.elapsed() < LONG {
        let busy = join_all((1..=40).map(|limit| ask(&rig.client, limit)));
        busy.await.iter().for_each(Heard::must_be_fair);
        let change = json!({ "rank": 1 });
        let place = "/api/snapshots/2026-03-01/short_term/writer0";
        rig.client.put(place, &change).await;
    }
    println!("{} stuck, {} of {POOL} at work", proxy.lost(), alive());
    assert_eq!(alive(), POOL, "places of the pool are lost for good");
}

async fn ask(client: &Client, limit: u32) -> Heard {
    client.get(&format!("/api/tracks?limit={limit}")).await
}
