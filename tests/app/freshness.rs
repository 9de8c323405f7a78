//! Answers are kept while nothing changes, and no answer is older than what was acknowledged before
//! it was asked for, whoever has written.

use crate::harness::program::Served;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 4;

on_both_engines! {
async fn a_reader_never_sees_less_than_was_acknowledged(app: TestApp) {
    let mut serve = app.command(&["serve", "--port", "0"]);
    let second = Served::start(&mut serve).await;
    let ids: Vec<String> = (0..WRITERS).map(|number| format!("t{number}")).collect();
    app.write("tracks.json", json!(ids.iter().map(|id| payload(id)).collect::<Vec<_>>()));
    app.import(["tracks.json"]).await;
    let acknowledged: Vec<AtomicI64> = ids.iter().map(|_| AtomicI64::new(0)).collect();
    let origins = [app.served.origin.as_str(), second.origin.as_str()];
    let client = Client::new();
    let until = Instant::now() + race();

    let writes = ids.iter().zip(&acknowledged).enumerate().map(|(number, (id, rank))| {
        write(&client, origins[number % 2], id, rank, until)
    });
    let reads = (0..2 * WRITERS).map(|number| {
        let place = number % WRITERS;
        read(&client, origins[number / WRITERS], &ids[place], &acknowledged[place], until)
    });
    let (writes, reads) =
        tokio::join!(futures_util::future::join_all(writes), futures_util::future::join_all(reads));

    assert!(writes.into_iter().all(|count| count > 10));
    assert!(reads.into_iter().all(|count| count > 10));
}
}

/// Three seconds, or as many as `RACE_SECONDS` says.
fn race() -> Duration {
    let seconds = std::env::var("RACE_SECONDS").ok();
    let seconds = seconds.map(|seconds| seconds.parse().expect("RACE_SECONDS is a number"));
    Duration::from_secs(seconds.unwrap_or(3))
}

async fn write(
    client: &Client,
    origin: &str,
    id: &str,
    acknowledged: &AtomicI64,
    until: Instant,
) -> i64 {
    let mut rank = 0;
    while Instant::now() < until && rank < 10_000 {
        rank += 1;
        let url = format!("{origin}/api/snapshots/2026-03-01/short_term/{id}");
        let body = json!({ "rank": rank });
        let answer = client
            .put(url)
            .json(&body)
            .send()
            .await
            .expect("it answers");
        assert_eq!(answer.status(), 200);
        acknowledged.store(rank, Ordering::SeqCst);
    }
    rank
}

async fn read(
    client: &Client,
    origin: &str,
    id: &str,
    acknowledged: &AtomicI64,
    until: Instant,
) -> usize {
    let mut count = 0;
    while Instant::now() < until {
        let at_least = acknowledged.load(Ordering::SeqCst);
        let url = format!("{origin}/api/tracks/{id}/history");
        let answer = client.get(url).send().await.expect("it answers");
        let history: Value = answer.json().await.expect("JSON");
        let rank = history["items"][0]["rank"].as_i64().unwrap_or(0);
        assert!(
            rank >= at_least,
            "{id} is at {rank}, {at_least} was acknowledged"
        );
        count += 1;
    }
    count
}

on_both_engines! {
async fn a_change_by_another_program_is_seen_at_once(app: TestApp) {
    app.write("2026-03-01/short_term.json", page([payload("a"), payload("b")]));
    app.import(["2026-03-01/short_term.json"]).await;
    for _ in 0..3 {
        assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
        assert_eq!(app.json("/api/summary").await["track_count"], 2);
    }

    app.database.execute("DELETE FROM snapshots WHERE track_id = 'a'").await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["b"]);
    app.database.execute("DELETE FROM tracks").await;
    assert_eq!(app.json("/api/summary").await["track_count"], 0);
    assert!(app.get("/dashboard").await.body.contains("import"));
}
}

on_both_engines! {
async fn an_answer_is_packed_for_those_who_can_unpack_it(app: TestApp) {
    app.write("2026-03-01/short_term.json", page((0..50).map(|number| payload(&format!("t{number}")))));
    app.import(["2026-03-01/short_term.json"]).await;

    for path in ["/dashboard", "/api/snapshots/2026-03-01/short_term", "/openapi.json"] {
        let plain = app.ask(Method::GET, path, &[]).await;
        for accepted in ["gzip", "br, gzip;q=0.5", "*"] {
            let packed = app.ask(Method::HEAD, path, &[("accept-encoding", accepted)]).await;
            assert_eq!(packed.header("content-encoding"), "gzip", "{path} {accepted}");
            assert_ne!(packed.header("etag"), plain.header("etag"), "{path}");
            let tag = packed.header("etag");
            let again = app.ask(Method::GET, path, &[("if-none-match", tag)]).await;
            assert_eq!(again.status, 304, "{path}");
        }
        for accepted in ["identity", "br", "gzip;q=0"] {
            let plain = app.ask(Method::HEAD, path, &[("accept-encoding", accepted)]).await;
            assert_eq!(plain.header("content-encoding"), "", "{path} {accepted}");
            assert_eq!(plain.header("vary"), "accept-encoding");
        }
    }
    let small = app.ask(Method::HEAD, "/api/summary", &[("accept-encoding", "gzip")]).await;
    assert_eq!(small.header("content-encoding"), "");
}
}
