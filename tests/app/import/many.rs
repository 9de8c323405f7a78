//! Imports of more tracks than one statement writes.

use crate::harness::payloads::{Payload, lines};
use crate::harness::{Account, Engine, TestApp, on_both_engines, payload};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use std::time::{Duration, Instant};

/// More tracks than one statement writes.
const MANY: usize = 1_100;

fn id(number: usize) -> String {
    format!("t{number:04}")
}

/// A track with texts that need escapes in some formats, or without some members.
fn odd(number: usize) -> Payload {
    let texts = [
        "\t",
        "\\N",
        "\\.",
        "\n",
        "\"",
        "'",
        ",",
        "é\u{2028}",
        "",
        "\u{1}",
        "{}",
        "\r\n",
    ];
    let text = texts[number % texts.len()];
    let track = payload(&id(number))
        .named(&format!("{text}name{text}"))
        .with(
            "odd",
            json!([text, 0.1, -1.5e300, number, null, { text: text }]),
        );
    match number % 5 {
        0 => track.without("album").without("external_urls"),
        1 => track.without("duration_ms").with("explicit", "yes"),
        _ => track,
    }
}

on_both_engines! {
async fn many_tracks_are_kept_exactly(app: TestApp) {
    app.write("tracks.ndjson", lines((0..MANY).map(|number| odd(number).0)));

    let account = app.import(["tracks.ndjson"]).await;

    let all = MANY as u64;
    assert_eq!(account, Account { read: all, new: all, ..Account::default() });
    for number in (0..MANY).step_by(37) {
        let track = app.json(&format!("/api/tracks/{}", id(number))).await;
        let odd = odd(number).0;
        assert_eq!(track["raw_json"], odd);
        assert_eq!(track["name"], odd["name"]);
        assert_eq!(track["duration_ms"], odd["duration_ms"]);
        assert_eq!(track["album_name"], odd["album"]["name"]);
    }
    assert_eq!(app.json("/api/summary").await["track_count"], MANY);
    let again = app.import(["tracks.ndjson"]).await;
    assert_eq!(again, Account { read: all, unchanged: all, ..Account::default() });
}
}

on_both_engines! {
async fn tracks_that_are_there_are_told_from_the_many_that_are_new(app: TestApp) {
    app.put_tracks([payload(&id(3)), payload(&id(5)).named("Old"), payload(&id(7)).degraded()]).await;
    app.write("tracks.ndjson", lines((0..MANY).map(|number| payload(&id(number)).0)));

    let account = app.import(["tracks.ndjson"]).await;

    let expected = Account {
        read: MANY as u64, new: MANY as u64 - 3, updated: 2, unchanged: 1, ..Account::default()
    };
    assert_eq!(account, expected);
}
}

#[tokio::test]
async fn a_track_that_another_writer_adds_meanwhile_does_no_harm() {
    let app = TestApp::start(Engine::Postgres).await;
    app.write(
        "tracks.ndjson",
        lines((0..MANY).map(|number| payload(&id(number)).0)),
    );
    let db = app.database.connect().await;
    let other = db.begin().await.expect("a transaction begins");
    let insert = "INSERT INTO tracks (track_id, name, artist_name) VALUES ('t0700', 'N', 'A')";
    other.execute_unprepared(insert).await.expect("a track");

    // The INSERT of the import waits for the other transaction and then conflicts with its track.
    let waiting = r#"SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
        AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "tracks"%'"#;
    let (account, ()) = tokio::join!(app.import(["tracks.ndjson"]), async {
        let another = app.database.connect().await;
        let question = sea_orm::Statement::from_string(another.get_database_backend(), waiting);
        let waits = async || {
            another
                .query_one_raw(question.clone())
                .await
                .expect("it answers")
        };
        let started = Instant::now();
        while waits().await.is_none() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "no INSERT waits"
            );
        }
        other.commit().await.expect("it commits");
    });

    let expected = Account {
        read: MANY as u64,
        new: MANY as u64 - 1,
        updated: 1,
        ..Account::default()
    };
    assert_eq!(account, expected);
    assert_eq!(app.json("/api/summary").await["track_count"], MANY);
}
