//! The counts behind the charts follow every change, whoever makes it.

use super::distributions::{DECADES, released};
use crate::harness::{Engine, TestApp, on_both_engines};
use serde_json::{Value, json};

on_both_engines! {
async fn the_charts_follow_what_others_do_in_sql(app: TestApp) {
    let dates = ["1959", "1960-01-01", "1961", "1970", "0000"];
    app.put_tracks(released(&dates)).await;
    let (track_1999, json) = match app.engine {
        Engine::Sqlite => (r#"'{"album":{"release_date":"1999"}}'"#, ""),
        Engine::Postgres => (r#"'{"album":{"release_date":"1999"}}'"#, "::jsonb"),
    };
    let insert = "INSERT INTO tracks (track_id, name, artist_name, raw_json) VALUES";
    let changes = [
        (format!("{insert} ('n', 'N', 'A', {track_1999}{json})"), "t0"),
        (format!("UPDATE tracks SET raw_json = {track_1999}{json} WHERE track_id IN ('t0', 't1')"), "t1"),
        ("UPDATE tracks SET raw_json = NULL WHERE track_id = 't2'".into(), "t2"),
        ("DELETE FROM tracks WHERE track_id = 't3'".into(), "t3"),
        ("BEGIN; DELETE FROM tracks; ROLLBACK".into(), "all"),
        (format!(
            "{insert} ('n', 'N', 'A', NULL), ('m', 'M', 'A', {track_1999}{json})
             ON CONFLICT (track_id) DO UPDATE SET raw_json = excluded.raw_json"
        ), "n"),
    ];

    for (change, of) in changes {
        app.database.execute(&change).await;
        let decades = app.distribution(DECADES).await;
        assert_eq!(decades, app.counted().await, "after a change of {of}");
    }

    let last = app.distribution(DECADES).await;
    assert_eq!(last["labels"], json!(["1990s"]));
    assert_eq!((&last["data"], &last["unknown_count"]), (&json!([3]), &json!(3)));
}
}

#[tokio::test]
async fn sqlite_rows_that_are_replaced_are_not_counted_twice() {
    let app = TestApp::start(Engine::Sqlite).await;
    app.put_tracks(released(&["1959", "1960", "1961"])).await;

    let columns = "INTO tracks (track_id, name, artist_name, raw_json) VALUES";
    let payload = |year| format!(r#"'{{"album":{{"release_date":"{year}"}}}}'"#);
    let changes = [
        format!("INSERT OR REPLACE {columns} ('t0', 'N', 'A', NULL)"),
        format!(
            "INSERT OR REPLACE {columns} ('t1', 'N', 'A', {0}), ('t1', 'N', 'A', {0})",
            payload(1971)
        ),
        format!(
            "INSERT {columns} ('t2', 'N', 'A', {}) ON CONFLICT DO UPDATE SET raw_json = excluded.raw_json",
            payload(1982)
        ),
        format!(
            "INSERT OR IGNORE {columns} ('t2', 'N', 'A', NULL), ('n', 'N', 'A', {})",
            payload(1990)
        ),
        "DELETE FROM tracks WHERE track_id = 't2'".into(),
        format!(
            "INSERT OR REPLACE {columns} ('t2', 'N', 'A', {})",
            payload(2001)
        ),
        format!(
            "PRAGMA recursive_triggers = on; INSERT OR REPLACE {columns} ('t2', 'N', 'A', NULL)"
        ),
        format!("BEGIN; INSERT OR REPLACE {columns} ('t1', 'N', 'A', NULL); ROLLBACK"),
        format!("INSERT {columns} ('m', 'N', 'A', {})", payload(1955)),
        "UPDATE OR REPLACE tracks SET track_id = 'm' WHERE track_id = 't2'".into(),
        format!("INSERT {columns} ('m', 'N', 'A', NULL) ON CONFLICT DO UPDATE SET name = 'M'"),
        "UPDATE tracks SET track_id = 'z' WHERE track_id = 'm'".into(),
        format!("INSERT {columns} ('m', 'N', 'A', {})", payload(1977)),
        "DELETE FROM tracks WHERE track_id IN ('m', 'z')".into(),
        format!("INSERT {columns} ('t2', 'N', 'A', NULL)"),
    ];
    for change in changes {
        app.database.execute(&change).await;

        assert_eq!(
            app.distribution(DECADES).await,
            app.counted().await,
            "{change}"
        );
    }
    let decades = app.distribution(DECADES).await;
    assert_eq!(decades["labels"], json!(["1970s", "1990s"]));
    assert_eq!(decades["unknown_count"], 2);
}

impl TestApp {
    /// The decades, counted by hand from the tracks.
    async fn counted(&self) -> Value {
        let mut decades = std::collections::BTreeMap::new();
        let mut unknown_count = 0;
        for track in self.tables().await.tracks {
            match track.release_year {
                Some(year) => *decades.entry(format!("{}s", year / 10 * 10)).or_insert(0) += 1,
                None => unknown_count += 1,
            }
        }
        json!({
            "labels": decades.keys().collect::<Vec<_>>(), "data": decades.values().collect::<Vec<_>>(),
            "other_count": 0, "unknown_count": unknown_count,
        })
    }
}
