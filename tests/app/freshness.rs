//! Freshness: a response is never older than the last write acknowledged before its request.

use crate::harness::{Client, Engine, TestApp, on_both_engines, page, payload};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 4;

/// A track, and the last acknowledged rank of it.
struct Target {
    id: String,
    acknowledged: AtomicI64,
}

on_both_engines! {
async fn a_reader_never_sees_less_than_was_acknowledged(app: TestApp) {
    let second = app.another_server(&[]).await;
    let clients = [app.client.clone(), Client::new(&second.origin)];
    let targets: Vec<_> = (0..WRITERS)
        .map(|number| Target { id: format!("t{number}"), acknowledged: AtomicI64::new(0) })
        .collect();
    app.put_tracks(targets.iter().map(|target| payload(&target.id))).await;
    let until = Instant::now() + race();

    let writes = targets.iter().enumerate().map(|(number, target)| {
        write(&clients[number % 2], target, until)
    });
    let reads = clients.iter().flat_map(|client| {
        targets.iter().map(move |target| read(client, target, until))
    });
    let (writes, reads) = tokio::join!(join_all(writes), join_all(reads));

    assert!(writes.into_iter().all(|count| count > 10));
    assert!(reads.into_iter().all(|count| count > 10));
}
}

/// `RACE_SECONDS`, by default three.
fn race() -> Duration {
    let seconds = std::env::var("RACE_SECONDS").ok();
    let seconds = seconds.map(|seconds| seconds.parse().expect("RACE_SECONDS is a number"));
    Duration::from_secs(seconds.unwrap_or(3))
}

async fn write(client: &Client, target: &Target, until: Instant) -> i64 {
    let path = format!("/api/snapshots/2026-03-01/short_term/{}", target.id);
    let mut rank = 0;
    while Instant::now() < until && rank < 10_000 {
        rank += 1;
        client.put_json(&path, json!({ "rank": rank })).await;
        target.acknowledged.store(rank, Ordering::SeqCst);
    }
    rank
}

async fn read(client: &Client, target: &Target, until: Instant) -> usize {
    let path = format!("/api/tracks/{}/history", target.id);
    let mut count = 0;
    while Instant::now() < until {
        let at_least = target.acknowledged.load(Ordering::SeqCst);
        let history = client.json(&path).await;
        let rank = history["items"][0]["rank"].as_i64().unwrap_or(0);
        assert!(
            rank >= at_least,
            "{path} has rank {rank}, {at_least} was acknowledged"
        );
        count += 1;
    }
    count
}

on_both_engines! {
async fn the_next_request_sees_a_change_by_another_program(app: TestApp) {
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
async fn a_response_is_compressed_if_the_client_accepts_gzip(app: TestApp) {
    app.write("2026-03-01/short_term.json", page((0..50).map(|number| payload(&format!("t{number}")))));
    app.import(["2026-03-01/short_term.json"]).await;

    for path in ["/dashboard", "/api/snapshots/2026-03-01/short_term", "/openapi.json"] {
        let plain = app.request(Method::GET, path, &[]).await;
        for encoding in ["gzip", "br, gzip;q=0.5", "*"] {
            let compressed = app.request(Method::HEAD, path, &[("accept-encoding", encoding)]).await;
            assert_eq!(compressed.header("content-encoding"), "gzip", "{path} {encoding}");
            assert_ne!(compressed.header("etag"), plain.header("etag"), "{path}");
            let tag = compressed.header("etag");
            let again = app.request(Method::GET, path, &[("if-none-match", tag)]).await;
            assert_eq!(again.status, 304, "{path}");
        }
        for encoding in ["identity", "br", "gzip;q=0"] {
            let plain = app.request(Method::HEAD, path, &[("accept-encoding", encoding)]).await;
            assert_eq!(plain.header("content-encoding"), "", "{path} {encoding}");
            assert_eq!(plain.header("vary"), "accept-encoding");
        }
    }
    let small = app.request(Method::HEAD, "/api/summary", &[("accept-encoding", "gzip")]).await;
    assert_eq!(small.header("content-encoding"), "");
}
}
