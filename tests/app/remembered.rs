//! What the program remembers of the lists is what one that has just started finds, whoever has
//! changed them and however.

use crate::harness::cluster::Cluster;
use crate::harness::program::send_signal;
use crate::harness::{Client, Engine, TestApp, on_both_engines};
use sea_orm::sqlx::Connection;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::{Duration, Instant};

impl TestApp {
    /// What another program on the same library shows, which remembers nothing.
    async fn found_anew(&self, path: &str) -> String {
        let another = self.another_server(&[]).await;
        let answer = Client::new(&another.origin).get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    }

    async fn must_remember_well(&self, after: &str) {
        for path in ["/dashboard", "/api/summary"] {
            let remembered = self.get(path).await.body;
            assert_eq!(
                remembered,
                self.found_anew(path).await,
                "{path} after {after}"
            );
        }
    }
}

const INSERT: &str = "INSERT INTO snapshots (track_id, snapshot_date, time_range, rank) VALUES";

on_both_engines! {
async fn whatever_changes_a_list_is_noticed(app: TestApp) {
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        app.put_list(day, "short_term", ["a", "b", "c"]).await;
    }
    app.put_list("2025-12-01", "long_term", ["a"]).await;
    app.must_remember_well("the start").await;
    let changes = [
        format!("{INSERT} ('a', '2026-03-05', 'short_term', 1)"),
        "UPDATE snapshots SET rank = 9 WHERE track_id = 'b' AND snapshot_date = '2026-03-02'".into(),
        "UPDATE snapshots SET rank = 2 WHERE track_id = 'b' AND snapshot_date = '2026-03-02'".into(),
        "UPDATE snapshots SET snapshot_date = '2026-03-06' WHERE snapshot_date = '2026-03-05'".into(),
        "UPDATE snapshots SET time_range = 'medium_term' WHERE snapshot_date = '2026-03-06'".into(),
        format!("BEGIN; {INSERT} ('a', '2027-01-01', 'short_term', 1); ROLLBACK"),
        format!("{INSERT} ('c', '2026-03-01', 'short_term', 5)
            ON CONFLICT (track_id, snapshot_date, time_range) DO UPDATE SET rank = excluded.rank"),
        "DELETE FROM snapshots WHERE snapshot_date = '2026-03-03'".into(),
        "DELETE FROM tracks WHERE track_id = 'b'".into(),
        "DELETE FROM snapshots".into(),
    ];

    for change in changes {
        app.database.execute(&change).await;
        app.must_remember_well(&change).await;
    }
    app.put_list("2026-03-01", "short_term", ["c", "a"]).await;
    app.must_remember_well("a list by the API").await;
    app.request(reqwest::Method::DELETE, "/api/snapshots/2026-03-01/short_term", &[]).await;
    app.must_remember_well("a deletion by the API").await;
}
}

on_both_engines! {
async fn many_changes_at_once_are_noticed(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.must_remember_well("the start").await;
    let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
    let days = first.iter_days().take(150);
    let rows: Vec<String> = days.map(|day| format!("('a', '{day}', 'short_term', 1)")).collect();

    app.database.execute(&format!("{INSERT} {}", rows.join(", "))).await;

    app.must_remember_well("150 lists").await;
}
}

#[tokio::test]
async fn sqlite_rows_that_are_replaced_are_noticed() {
    let app = TestApp::start(Engine::Sqlite).await;
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-02", "short_term", ["a", "b"]).await;
    app.must_remember_well("the start").await;
    let replace = INSERT.replace("INSERT", "INSERT OR REPLACE");
    let changes = [
        format!("{replace} ('a', '2026-03-02', 'short_term', 7)"),
        "INSERT OR REPLACE INTO tracks (track_id, name, artist_name) VALUES ('a', 'N', 'A')".into(),
        "PRAGMA foreign_keys = on;
         INSERT OR REPLACE INTO tracks (track_id, name, artist_name) VALUES ('b', 'N', 'A')"
            .into(),
    ];

    for change in changes {
        app.database.execute(&change).await;
        app.must_remember_well(&change).await;
    }
}

#[tokio::test]
async fn postgresql_tables_that_are_truncated_are_noticed() {
    let app = TestApp::start(Engine::Postgres).await;
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.must_remember_well("the start").await;

    app.database.execute("TRUNCATE snapshots").await;

    app.must_remember_well("TRUNCATE").await;
}

/// A transaction that began first may be the last to commit: what is remembered must not take its
/// changes for seen.
#[tokio::test]
async fn a_change_that_began_before_others_and_ends_after_them_is_noticed() {
    let app = TestApp::start(Engine::Postgres).await;
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-02", "short_term", ["a", "b"]).await;
    let db = app.database.connect().await;
    let early = db.begin().await.expect("a transaction begins");
    let change =
        "UPDATE snapshots SET rank = 8 WHERE track_id = 'a' AND snapshot_date = '2026-03-02'";
    early.execute_unprepared(change).await.expect("a change");
    for day in ["2026-03-03", "2026-03-04"] {
        app.put_list(day, "short_term", ["b", "a"]).await;
        app.must_remember_well(day).await;
    }

    early.commit().await.expect("it commits");

    app.must_remember_well("the early transaction").await;
}

/// PostgreSQL starts anew in itself when one of its processes is killed, and what was not on disk yet
/// is gone, also for those who have seen it.
#[tokio::test]
async fn a_change_that_a_crash_of_the_server_takes_back_is_forgotten() {
    let cluster = Cluster::with(&["wal_writer_delay=10s"]).await;
    let app = TestApp::on(&cluster.url()).await;
    let sql = |statements: String| {
        let url = cluster.url();
        async move {
            let db = sea_orm::Database::connect(url).await.expect("it answers");
            db.execute_unprepared(&statements)
                .await
                .expect("the statements run");
            db.close().await.expect("a connection closes");
        }
    };
    let tracks =
        "INSERT INTO tracks (track_id, name, artist_name) VALUES ('a', 'A', 'A'), ('b', 'B', 'B')";
    let lists = format!(
        "{INSERT} ('a', '2026-03-01', 'short_term', 1), ('a', '2026-03-02', 'short_term', 1)"
    );
    sql(format!("{tracks}; {lists}")).await;
    for round in 0..3 {
        app.get("/dashboard").await;
        let day = format!("2026-03-{:02}", 10 + round);
        sql(format!(
            "SET synchronous_commit = off; {INSERT} ('b', '{day}', 'short_term', 1)"
        ))
        .await;
        app.get("/dashboard").await;

        crash(&cluster.url()).await;

        let another = TestApp::on(&cluster.url()).await;
        for path in ["/dashboard", "/api/summary"] {
            // Connections that died with the server may be met once more.
            app.retry_get(path, Duration::from_secs(20)).await;
            let (remembered, anew) = (app.get(path).await, another.get(path).await);
            assert_eq!(remembered.status, 200, "{path} in round {round}");
            assert_eq!(remembered.body, anew.body, "{path} in round {round}");
        }
    }
}

/// Kills one of the server's processes, and returns when all others are gone and it is back.
async fn crash(url: &str) {
    let process = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()::text");
    let connect = async || sea_orm::Database::connect(url).await;
    let witness = connect().await.expect("it answers");
    let victim = connect().await.expect("it answers");
    let row = victim.query_one_raw(process.clone()).await;
    let row = row.expect("it answers").expect("a row");
    let number: String = row.try_get_by_index(0).expect("a text");
    let witness = witness.get_postgres_connection_pool().acquire().await;
    let mut witness = witness.expect("it answers");
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

#[tokio::test]
async fn a_sqlite_file_that_was_restored_is_noticed() {
    let app = TestApp::start(Engine::Sqlite).await;
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        app.put_list(day, "short_term", ["a", "b"]).await;
    }
    app.must_remember_well("the start").await;

    // What a restored file looks like from here: other rows, and less has happened to them.
    let restored = "
        DELETE FROM snapshots WHERE snapshot_date > '2026-03-01';
        UPDATE list_changes SET number = 1";
    app.database
        .execute(&format!("BEGIN; {restored}; COMMIT"))
        .await;

    app.must_remember_well("the file of before").await;
}

#[tokio::test]
async fn postgresql_tables_that_were_restored_are_noticed() {
    let app = TestApp::start(Engine::Postgres).await;
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        app.put_list(day, "short_term", ["a", "b"]).await;
    }
    app.must_remember_well("the start").await;

    // As `pg_restore --clean`: the rows come before the triggers, and the notes are those of another time.
    let restored = "
        CREATE TABLE older AS TABLE list_changes;
        ALTER TABLE snapshots DISABLE TRIGGER USER;
        DELETE FROM snapshots WHERE snapshot_date > '2026-03-01';
        ALTER TABLE snapshots ENABLE TRIGGER USER;
        CREATE TABLE newer (LIKE list_changes INCLUDING ALL);
        INSERT INTO newer SELECT snapshot_date, time_range, '99999999'::xid8 FROM older;
        DROP TABLE older, list_changes;
        ALTER TABLE newer RENAME TO list_changes";
    app.database.execute(restored).await;

    app.must_remember_well("the tables of before").await;
    app.put_list("2026-03-04", "short_term", ["b"]).await;
    app.must_remember_well("a list after that").await;
}
