//! The answers follow the tables, whichever program changes them and however. Nothing is kept beside the data, so a
//! restore, a replica, a disabled trigger or an edited table cannot make an answer wrong.

mod restores;

use crate::harness::{Engine, TestApp, on_both_engines};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
