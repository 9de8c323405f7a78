//! Restores, a logical subscriber, and a crash of the server.

use super::{DECADES, INSERT, READS};
use crate::harness::cluster::Cluster;
use crate::harness::postgres::programs;
use crate::harness::program::send_signal;
use crate::harness::{Engine, TestApp, payload};
use sea_orm::sqlx::Connection;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::{Duration, Instant};

/// Restores only the rows, into tables that exist and are not empty.
#[tokio::test]
async fn a_data_only_restore_into_postgresql_is_seen() {
    let (source, target) = source_and_target(Engine::Postgres).await;
    let dump = source.folder.path().join("data.sql");
    run(
        "pg_dump",
        &[
            "--data-only",
            "--table=tracks",
            "--table=snapshots",
            "--table=captures",
            "-f",
        ],
        &dump,
        &source,
    );
    target
        .database
        .execute("TRUNCATE tracks, snapshots, captures")
        .await;

    run(
        "psql",
        &["-q", "-v", "ON_ERROR_STOP=1", "-f"],
        &dump,
        &target,
    );

    target.must_follow("the restore").await;
    assert_eq!(
        target.get(DECADES).await.body,
        source.get(DECADES).await.body
    );
    assert_eq!(target.json("/api/summary").await["track_count"], 4);
}

/// Starts two services that hold different rows.
async fn source_and_target(engine: Engine) -> (TestApp, TestApp) {
    let (source, target) = (TestApp::start(engine).await, TestApp::start(engine).await);
    source.fill().await;
    source
        .put_tracks([payload("d").named("Name").released("1959")])
        .await;
    target.put_list("2026-04-01", "short_term", ["x"]).await;
    target.must_follow("the start").await;
    (source, target)
}

/// Runs a program of PostgreSQL with a file as its last argument but one.
fn run(program: &str, args: &[&str], file: &std::path::Path, app: &TestApp) {
    let bin = programs().expect("PostgreSQL is installed");
    let mut command = std::process::Command::new(bin.join(program));
    let status = command.args(args).arg(file).arg(&app.database.url).status();
    assert!(status.expect("it starts").success(), "{program}");
}

/// The rows of another file come in, as a restore of the data alone does it.
#[tokio::test]
async fn a_data_only_restore_into_sqlite_is_seen() {
    let (source, target) = source_and_target(Engine::Sqlite).await;
    let columns =
        "track_id, name, artist_name, album_name, duration_ms, spotify_url, payload_at, raw_json";
    let file = source.folder.path().join("library.db");

    target
        .database
        .execute(&format!(
            "ATTACH '{}' AS source;
         BEGIN;
         DELETE FROM snapshots; DELETE FROM tracks; DELETE FROM captures;
         INSERT INTO tracks ({columns}) SELECT {columns} FROM source.tracks;
         INSERT INTO snapshots SELECT * FROM source.snapshots;
         INSERT INTO captures SELECT * FROM source.captures;
         COMMIT",
            file.display()
        ))
        .await;

    target.must_follow("the restore").await;
    assert_eq!(
        target.get(DECADES).await.body,
        source.get(DECADES).await.body
    );
}

/// The rows arrive by logical replication, which fires no ordinary triggers.
#[tokio::test]
async fn a_logical_subscriber_answers_from_the_rows_it_got() {
    let publisher = Cluster::with(&["wal_level=logical"]).await;
    let subscriber = Cluster::with(&[]).await;
    let source = TestApp::on(&publisher.url()).await;
    let target = TestApp::on(&subscriber.url()).await;
    source.fill().await;
    source
        .database
        .execute("CREATE PUBLICATION library FOR TABLE tracks, snapshots, captures")
        .await;
    let host = publisher.folder.path().display();
    target.database.execute(&format!(
        "CREATE SUBSCRIPTION library CONNECTION 'host={host} user=postgres dbname=postgres' PUBLICATION library"
    )).await;

    wait_for(&target, &source).await;
    target.must_follow("the first copy").await;
    source
        .put_list("2026-03-04", "short_term", ["b", "d"])
        .await;
    source.put_tracks([payload("a").released("1959")]).await;
    wait_for(&target, &source).await;
    target.must_follow("changes").await;
    target
        .database
        .execute("ALTER SUBSCRIPTION library DISABLE")
        .await;
}

/// Returns when the target has the rows of the source.
async fn wait_for(target: &TestApp, source: &TestApp) {
    let started = Instant::now();
    while target.get(DECADES).await.body != source.get(DECADES).await.body
        || target.get("/api/snapshots").await.body != source.get("/api/snapshots").await.body
    {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the subscriber does not catch up"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// PostgreSQL restarts when one of its processes is killed. Commits that were not on disk are lost, even if another
/// session has seen them.
#[tokio::test]
async fn a_change_that_a_crash_of_the_server_loses_is_not_shown() {
    let cluster = Cluster::with(&["wal_writer_delay=10s"]).await;
    let app = TestApp::on(&cluster.url()).await;
    let tracks =
        "INSERT INTO tracks (track_id, name, artist_name) VALUES ('a', 'A', 'A'), ('b', 'B', 'B')";
    let lists = format!(
        "{INSERT} ('a', '2026-03-01', 'short_term', 1), ('a', '2026-03-02', 'short_term', 1)"
    );
    app.database.execute(&format!("{tracks}; {lists}")).await;
    for round in 0..3 {
        app.get("/dashboard").await;
        let day = format!("2026-03-{:02}", 10 + round);
        app.database
            .execute(&format!(
                "SET synchronous_commit = off; {INSERT} ('b', '{day}', 'short_term', 1)"
            ))
            .await;
        app.get("/dashboard").await;

        crash(&cluster.url()).await;

        for path in READS {
            // A dead connection may fail one request.
            app.retry_get(path, Duration::from_secs(20)).await;
        }
        app.must_follow("the crash").await;
    }
}

/// Kills one of the server's processes. Returns when the server has restarted.
async fn crash(url: &str) {
    let process_id = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()::text");
    let connect = async || sea_orm::Database::connect(url).await;
    let witness = connect().await.expect("it responds");
    let victim = connect().await.expect("it responds");
    let row = victim.query_one_raw(process_id).await;
    let row = row.expect("it responds").expect("a row");
    let number: String = row.try_get_by_index(0).expect("a text");
    let witness = witness.get_postgres_connection_pool().acquire().await;
    let mut witness = witness.expect("it responds");
    send_signal("KILL", number.parse().expect("a number")).await;
    let started = Instant::now();
    let is_late = || started.elapsed() > Duration::from_secs(20);
    while witness.ping().await.is_ok() {
        assert!(!is_late(), "the server does not notice");
    }
    while connect().await.is_err() {
        assert!(!is_late(), "the server does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
