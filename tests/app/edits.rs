//! The answers follow the tables, whichever program changes them and however. Nothing is kept beside the data, so a
//! restore, a replica, a disabled trigger or an edited table cannot make an answer wrong.

use crate::harness::cluster::Cluster;
use crate::harness::postgres::programs;
use crate::harness::program::send_signal;
use crate::harness::{Engine, TestApp, on_both_engines, payload};
use sea_orm::sqlx::Connection;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const DECADES: &str = "/api/release-decade-distribution";
const READS: [&str; 5] = [
    "/dashboard",
    "/api/summary",
    DECADES,
    "/api/tracks?q=na",
    "/api/snapshots",
];
const INSERT: &str = "INSERT INTO snapshots (track_id, snapshot_date, time_range, rank) VALUES";

impl TestApp {
    /// Two lists and a track that is on none, each track with a known year.
    async fn fill(&self) {
        for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
            self.put_list(day, "short_term", ["a", "b", "c"]).await;
        }
        self.put_list("2025-12-01", "long_term", ["a"]).await;
        self.must_follow("the start").await;
    }

    /// Compares the answers with those of a server that has just started, and the decades with a count by hand.
    async fn must_follow(&self, change: &str) {
        let another = self.another_server(&[]).await;
        for path in READS {
            let response = self.get(path).await;
            assert_eq!(response.status, 200, "{path} after {change}");
            let fresh = reqwest::get(format!("{}{path}", another.origin)).await;
            let fresh = fresh.expect("it responds").text().await;
            assert_eq!(
                response.body,
                fresh.expect("a text"),
                "{path} after {change}"
            );
        }
        assert_eq!(
            self.json(DECADES).await,
            self.decades().await,
            "after {change}"
        );
    }

    /// The decades, counted from the rows of the table.
    async fn decades(&self) -> Value {
        let mut decades = BTreeMap::new();
        let mut unknown_count = 0;
        for track in self.tables().await.tracks {
            match track.release_year {
                Some(year) => *decades.entry(format!("{}s", year / 10 * 10)).or_insert(0) += 1,
                None => unknown_count += 1,
            }
        }
        json!({
            "labels": decades.keys().collect::<Vec<_>>(),
            "data": decades.values().collect::<Vec<_>>(),
            "other_count": 0,
            "unknown_count": unknown_count,
        })
    }
}

on_both_engines! {
async fn a_change_of_a_list_by_sql_is_seen(app: TestApp) {
    app.fill().await;
    let changes = [
        format!("{INSERT} ('a', '2026-03-05', 'short_term', 1)"),
        "UPDATE snapshots SET rank = 9 WHERE track_id = 'b' AND snapshot_date = '2026-03-02'".into(),
        "UPDATE snapshots SET rank = 2 WHERE track_id = 'b' AND snapshot_date = '2026-03-02'".into(),
        "UPDATE snapshots SET snapshot_date = '2026-03-06' WHERE snapshot_date = '2026-03-05'".into(),
        "UPDATE snapshots SET time_range = 'medium_term' WHERE snapshot_date = '2026-03-06'".into(),
        format!("BEGIN; {INSERT} ('a', '2026-03-07', 'short_term', 1); ROLLBACK"),
        format!("{INSERT} ('c', '2026-03-01', 'short_term', 5)
            ON CONFLICT (track_id, snapshot_date, time_range) DO UPDATE SET rank = excluded.rank"),
        "DELETE FROM snapshots WHERE snapshot_date = '2026-03-03'".into(),
        "DELETE FROM tracks WHERE track_id = 'b'".into(),
        "DELETE FROM snapshots".into(),
    ];

    for change in changes {
        app.database.execute(&change).await;
        app.must_follow(&change).await;
    }
    app.put_list("2026-03-01", "short_term", ["c", "a"]).await;
    app.must_follow("a list by the API").await;
    app.delete("/api/snapshots/2026-03-01/short_term").await;
    app.must_follow("a deletion by the API").await;
}
}

on_both_engines! {
async fn a_change_of_a_track_by_sql_is_seen(app: TestApp) {
    app.fill().await;
    let year = |year| format!(r#"'{{"album":{{"release_date":"{year}"}}}}'"#);
    let insert = "INSERT INTO tracks (track_id, name, artist_name, raw_json) VALUES";
    let changes = [
        format!("{insert} ('n', 'Name', 'A', {})", year(1999)),
        format!("UPDATE tracks SET raw_json = {} WHERE track_id IN ('a', 'b')", year(1971)),
        "UPDATE tracks SET raw_json = NULL WHERE track_id = 'a'".into(),
        "UPDATE tracks SET name = 'nA' WHERE track_id = 'a'".into(),
        "DELETE FROM tracks WHERE track_id = 'n'".into(),
        "BEGIN; DELETE FROM tracks; ROLLBACK".into(),
        format!(
            "{insert} ('a', 'N', 'A', NULL), ('m', 'M', 'A', {})
             ON CONFLICT (track_id) DO UPDATE SET raw_json = excluded.raw_json", year(1982)
        ),
        "UPDATE tracks SET track_id = 'z' WHERE track_id = 'm'".into(),
    ];

    for change in changes {
        app.database.execute(&change).await;
        app.must_follow(&change).await;
    }
}
}

#[tokio::test]
async fn sqlite_rows_that_are_replaced_are_seen() {
    let app = TestApp::start(Engine::Sqlite).await;
    app.fill().await;
    let track = "INSERT OR REPLACE INTO tracks (track_id, name, artist_name, raw_json) VALUES";
    let changes = [
        format!(
            "{} ('a', '2026-03-02', 'short_term', 7)",
            INSERT.replace("INSERT", "INSERT OR REPLACE")
        ),
        format!("{track} ('a', 'N', 'A', NULL)"),
        format!(
            r#"PRAGMA foreign_keys = on; {track} ('b', 'N', 'A', '{{"album":{{"release_date":"1982"}}}}')"#
        ),
        format!("PRAGMA recursive_triggers = on; {track} ('c', 'N', 'A', NULL)"),
        "UPDATE OR REPLACE tracks SET track_id = 'a' WHERE track_id = 'c'".into(),
    ];

    for change in changes {
        app.database.execute(&change).await;
        app.must_follow(&change).await;
    }
}

/// The shell of SQLite does not enforce foreign keys.
#[tokio::test]
async fn snapshots_of_tracks_that_are_gone_do_no_harm() {
    let app = TestApp::start(Engine::Sqlite).await;
    app.fill().await;

    for rows in ["track_id = 'a'", "true"] {
        let delete = format!("PRAGMA foreign_keys = off; DELETE FROM tracks WHERE {rows}");
        app.database.execute(&delete).await;
        app.must_follow(&delete).await;
    }
}

#[tokio::test]
async fn a_truncated_postgresql_table_is_seen() {
    let app = TestApp::start(Engine::Postgres).await;
    app.fill().await;

    app.database.execute("TRUNCATE snapshots").await;
    app.must_follow("TRUNCATE snapshots").await;
    app.database.execute("TRUNCATE tracks CASCADE").await;
    app.must_follow("TRUNCATE tracks").await;
}

/// Statements of a replica role fire no triggers.
#[tokio::test]
async fn a_change_past_all_triggers_is_seen() {
    let app = TestApp::start(Engine::Postgres).await;
    app.fill().await;
    let changes = [
        "SET session_replication_role = replica; DELETE FROM snapshots WHERE snapshot_date = '2026-03-03'",
        "SET session_replication_role = replica; UPDATE tracks SET raw_json = NULL WHERE track_id = 'a'",
        "ALTER TABLE tracks DISABLE TRIGGER ALL; DELETE FROM snapshots WHERE track_id = 'c';
         DELETE FROM tracks WHERE track_id = 'c'; ALTER TABLE tracks ENABLE TRIGGER ALL",
    ];

    for change in changes {
        app.database.execute(change).await;
        app.must_follow(change).await;
    }
}

/// The transaction that began first is the last to commit.
#[tokio::test]
async fn a_change_that_begins_before_others_and_commits_after_them_is_seen() {
    let app = TestApp::start(Engine::Postgres).await;
    app.fill().await;
    let db = app.database.connect().await;
    let early = db.begin().await.expect("a transaction begins");
    let change =
        "UPDATE snapshots SET rank = 8 WHERE track_id = 'a' AND snapshot_date = '2026-03-02'";
    early.execute_unprepared(change).await.expect("a change");
    for day in ["2026-03-04", "2026-03-05"] {
        app.put_list(day, "short_term", ["b", "a"]).await;
        app.must_follow(day).await;
    }

    early.commit().await.expect("it commits");

    app.must_follow("the early transaction").await;
}

/// Restores only the rows, into tables that exist and are not empty.
#[tokio::test]
async fn a_data_only_restore_into_postgresql_is_seen() {
    let (source, target) = (
        TestApp::start(Engine::Postgres).await,
        TestApp::start(Engine::Postgres).await,
    );
    source.fill().await;
    source
        .put_tracks([payload("d").named("Name").released("1959")])
        .await;
    target.put_list("2026-04-01", "short_term", ["x"]).await;
    target.must_follow("the start").await;
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
    let (source, target) = (
        TestApp::start(Engine::Sqlite).await,
        TestApp::start(Engine::Sqlite).await,
    );
    source.fill().await;
    source
        .put_tracks([payload("d").named("Name").released("1959")])
        .await;
    target.put_list("2026-04-01", "short_term", ["x"]).await;
    target.must_follow("the start").await;
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
