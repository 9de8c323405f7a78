//! Another session holds what the program needs.

use crate::harness::database::TestDatabase;
use crate::harness::rig::Rig;
use crate::harness::{Engine, rig::percentile};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const SOON: Duration = Duration::from_secs(3);

async fn rig(engine: Engine) -> (Rig, TestDatabase, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let database = TestDatabase::new(engine, folder.path()).await;
    (Rig::start(&database.url, &[]).await, database, folder)
}

#[tokio::test]
async fn postgres_who_meets_a_locked_table_is_asked_to_come_again() {
    let (rig, database, _folder) = rig(Engine::Postgres).await;
    let other = database.connect().await;
    let lock = "BEGIN; LOCK TABLE tracks IN ACCESS EXCLUSIVE MODE";
    other.execute_unprepared(lock).await.expect("it locks");

    let reads = join_all((0..20).map(|_| rig.client.get("/api/tracks?limit=5")));
    let lives = async {
        let mut times = Vec::new();
        for _ in 0..20 {
            times.push(rig.client.get("/livez").await.took);
            sleep(Duration::from_millis(100)).await;
        }
        times
    };
    let (reads, lives) = tokio::join!(reads, lives);
    other
        .execute_unprepared("ROLLBACK")
        .await
        .expect("it unlocks");
    let back = rig.client.recovers("/api/tracks?limit=5", SOON).await;

    reads.iter().for_each(|read| read.must_be_busy());
    let slowest = reads.iter().map(|read| read.took).max().unwrap_or_default();
    let live = percentile(90, lives);
    println!("locked: slowest {slowest:?}, /livez {live:?}, back after {back:?}");
    assert!(live <= Duration::from_millis(300), "/livez took {live:?}");
}

#[tokio::test]
async fn sqlite_another_writer_is_waited_for_and_then_told() {
    let (rig, database, _folder) = rig(Engine::Sqlite).await;
    let other = database.connect().await;
    let track = json!({ "name": "A", "artist_name": "B" });
    let rank = json!({ "rank": 1 });
    rig.client.put("/api/tracks/a", &track).await.must_be_ok();
    other
        .execute_unprepared("BEGIN IMMEDIATE")
        .await
        .expect("it locks");

    let writes = join_all([
        rig.client.put("/api/tracks/a", &track),
        rig.client.put("/api/tracks/b", &track),
    ]);
    let rank = join_all([rig
        .client
        .put("/api/snapshots/2026-01-01/short_term/a", &rank)]);
    let (writes, ranks, read) = tokio::join!(writes, rank, rig.client.get("/api/tracks"));
    other
        .execute_unprepared("ROLLBACK")
        .await
        .expect("it unlocks");
    let unlocked = Instant::now();
    let again = rig.client.put("/api/tracks/a", &track).await;

    read.must_be_ok();
    assert!(read.took <= Duration::from_secs(1), "{read:?}");
    for write in writes.iter().chain(&ranks) {
        write.must_be_busy();
        assert!(!write.body.contains("locked"), "{write:?}");
        println!("locked for {:?}", write.took);
    }
    again.must_be_ok();
    assert!(unlocked.elapsed() <= SOON, "{:?}", unlocked.elapsed());
}

#[tokio::test]
async fn sqlite_a_writer_of_one_second_is_waited_for() {
    let (rig, database, _folder) = rig(Engine::Sqlite).await;
    let other = database.connect().await;
    let track = json!({ "name": "A", "artist_name": "B" });
    other
        .execute_unprepared("BEGIN IMMEDIATE")
        .await
        .expect("it locks");

    let unlock = async {
        sleep(Duration::from_secs(1)).await;
        other
            .execute_unprepared("ROLLBACK")
            .await
            .expect("it unlocks");
    };
    let (write, ()) = tokio::join!(rig.client.put("/api/tracks/a", &track), unlock);

    write.must_be_ok();
}
