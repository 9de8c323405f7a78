//! Another session holds a lock.

use crate::harness::response::percentile;
use crate::harness::{Engine, TestApp};
use futures_util::future::{join, join_all};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const RECOVERY: Duration = Duration::from_secs(3);

/// Opens a transaction in another session.
pub async fn lock(app: &TestApp, statements: &str) -> DatabaseConnection {
    let other = app.database.connect().await;
    let locked = other.execute_unprepared(statements).await;
    locked.expect("the lock is taken");
    other
}

pub async fn unlock(other: &DatabaseConnection) {
    let unlocked = other.execute_unprepared("ROLLBACK").await;
    unlocked.expect("the lock is released");
}

pub const LOCK_TRACKS: &str = "BEGIN; LOCK TABLE tracks IN ACCESS EXCLUSIVE MODE";
const LOCK_DATABASE: &str = "BEGIN IMMEDIATE";

#[tokio::test]
async fn postgres_reads_of_a_locked_table_are_busy() {
    let app = TestApp::start(Engine::Postgres).await;
    let other = lock(&app, LOCK_TRACKS).await;

    let reads = join_all((0..20).map(|_| app.get("/api/tracks?limit=5")));
    let lives = async {
        let mut times = Vec::new();
        for _ in 0..20 {
            times.push(app.get("/livez").await.took);
            sleep(Duration::from_millis(100)).await;
        }
        times
    };
    let (reads, lives) = join(reads, lives).await;
    unlock(&other).await;
    let recovery = app.retry_get("/api/tracks?limit=5", RECOVERY).await;

    reads.iter().for_each(|read| read.must_be_busy());
    let live = percentile(90, lives);
    println!("locked: /livez {live:?}, recovered after {recovery:?}");
    assert!(live <= Duration::from_millis(300), "/livez took {live:?}");
}

#[tokio::test]
async fn sqlite_writes_beside_a_long_writer_are_busy_and_reads_succeed() {
    let app = TestApp::start(Engine::Sqlite).await;
    let track = json!({ "name": "A", "artist_name": "B" });
    let rank = json!({ "rank": 1 });
    app.put("/api/tracks/a", &track).await.must_be_ok();
    let other = lock(&app, LOCK_DATABASE).await;

    let (first, second, rank, read) = tokio::join!(
        app.put("/api/tracks/a", &track),
        app.put("/api/tracks/b", &track),
        app.put("/api/snapshots/2026-01-01/short_term/a", &rank),
        app.get("/api/tracks"),
    );
    unlock(&other).await;
    let unlocked_at = Instant::now();
    let repeated = app.put("/api/tracks/a", &track).await;

    read.must_be_ok();
    assert!(read.took <= Duration::from_secs(1), "{read:?}");
    for write in [first, second, rank] {
        write.must_be_busy();
        assert!(!write.body.contains("locked"), "{write:?}");
        println!("locked for {:?}", write.took);
    }
    repeated.must_be_ok();
    let recovery = unlocked_at.elapsed();
    assert!(recovery <= RECOVERY, "{recovery:?}");
}

#[tokio::test]
async fn sqlite_a_write_waits_one_second_for_another_writer() {
    let app = TestApp::start(Engine::Sqlite).await;
    let track = json!({ "name": "A", "artist_name": "B" });
    let other = lock(&app, LOCK_DATABASE).await;

    let unlock = async {
        sleep(Duration::from_secs(1)).await;
        unlock(&other).await;
    };
    let (write, ()) = tokio::join!(app.put("/api/tracks/a", &track), unlock);

    write.must_be_ok();
}
