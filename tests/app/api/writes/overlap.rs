//! Overlapping writes: each gets a response, and one of the last ones is stored.

use super::ranks::ranks;
use crate::harness::writes::track_body;
use crate::harness::{Engine, Response, TestApp, on_both_engines, page, payload};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::Instant;

const RANGES: [&str; 3] = ["short_term", "medium_term", "long_term"];

/// The times of a request and its response.
type Span = (Instant, Instant);

async fn timed(request: impl Future<Output = Response>) -> (Span, Response) {
    let sent = Instant::now();
    let response = request.await;
    ((sent, Instant::now()), response)
}

/// The writes that may have been applied last: they ended after the last one was sent.
fn may_be_last<T>(writes: &[(Span, T)]) -> impl Iterator<Item = &T> {
    let last_sent = writes
        .iter()
        .map(|((sent, _), _)| *sent)
        .max()
        .expect("there are writes");
    writes
        .iter()
        .filter(move |((_, received), _)| *received >= last_sent)
        .map(|(_, write)| write)
}

on_both_engines! {
async fn five_hundred_overlapping_puts_of_one_rank_all_succeed(app: TestApp) {
    app.put_tracks([payload("a")]).await;
    let (app, list) = (&app, "/api/snapshots/2026-03-01/short_term");
    let client = |client: i64| async move {
        let mut writes = Vec::new();
        for turn in 0..10 {
            let rank = client * 10 + turn + 1;
            let (span, response) = timed(app.put(&format!("{list}/a"), json!({ "rank": rank }))).await;
            assert_eq!((response.status, &response.json()["rank"]), (200, &json!(rank)), "{}", response.body);
            writes.push((span, rank));
        }
        writes
    };

    let writes = join_all((0..50).map(client)).await.concat();

    assert_eq!(writes.len(), 500);
    let stored = ranks(app, list).await;
    assert_eq!(stored.len(), 1);
    assert!(may_be_last(&writes).any(|rank| *rank == stored[0].0), "{stored:?} is none of the last ranks");
}
}

/// The ids of a list: 30 of 60 tracks in random order.
fn ids(number: usize) -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(number as u64);
    let mut ids: Vec<_> = (0..60).map(|track| format!("t{track:02}")).collect();
    rng.shuffle(&mut ids);
    ids.truncate(30);
    ids
}

fn list(number: usize) -> Value {
    page(
        ids(number)
            .iter()
            .map(|id| payload(id).with("popularity", number)),
    )
}

fn day_and_range(number: usize) -> (String, &'static str) {
    (format!("2026-03-{:02}", number % 4 + 1), RANGES[number % 3])
}

on_both_engines! {
async fn one_hundred_overlapping_lists_are_stored_as_a_whole(app: TestApp) {
    let app = &app;
    let client = |client: usize| async move {
        let mut writes = Vec::new();
        for turn in 0..5 {
            // Every fifth list goes to the first day and range.
            let number = client * 5 + turn;
            let (date, range) = if number.is_multiple_of(5) { day_and_range(0) } else { day_and_range(number) };
            let path = format!("/api/snapshots/{date}/{range}");
            let (span, response) = timed(app.put(&path, list(number))).await;
            assert_eq!(response.status, 200, "{path}: {} {}", response.body, app.server.log());
            writes.push((path, (span, number)));
        }
        writes
    };

    let writes = join_all((0..20).map(client)).await.concat();

    let mut lists = BTreeMap::<_, Vec<_>>::new();
    for (path, write) in writes {
        lists.entry(path).or_default().push(write);
    }
    for (path, writes) in lists {
        let stored: Vec<_> = ranks(app, &path).await.into_iter().map(|(_, id)| id).collect();
        assert!(may_be_last(&writes).any(|number| ids(*number) == stored), "{path} is none of the last lists");
    }
    let ledger = app.tables().await.captures;
    assert!(ledger.len() >= 99, "the ledger has {}", ledger.len());
}
}

/// Sends one write of any kind, to one of 60 tracks and 12 lists, and checks its status.
async fn any_write(app: &TestApp, number: usize, deleting: bool) {
    let track = format!("/api/tracks/t{:02}", number * 7 % 60);
    let (date, range) = day_and_range(number);
    let list_path = format!("/api/snapshots/{date}/{range}");
    let (allowed, response): (&[u16], _) = match number % 10 {
        8 if deleting => (&[204, 404], app.delete(&track).await),
        4 | 5 | 8 => {
            let body = track_body("Put", payload("x").with("popularity", number).0);
            (&[200], app.put(&track, body).await)
        }
        6 | 7 => {
            let path = format!("{list_path}/t{:02}", number * 11 % 60);
            (&[200, 404], app.put(&path, json!({ "rank": 5 })).await)
        }
        9 => (&[204, 404], app.delete(&list_path).await),
        _ => (&[200], app.put(&list_path, list(number)).await),
    };
    assert!(
        allowed.contains(&response.status),
        "request {number}: {} {} {}",
        response.status,
        response.body,
        app.server.log()
    );
}

async fn write_while_importing(app: &TestApp, clients: usize, deleting: bool) {
    for number in 100..130 {
        let (date, range) = day_and_range(number);
        app.write(&format!("in/{date}/{range}.json"), list(number));
    }
    let requests = stream::iter(0..400).map(|number| any_write(app, number, deleting));
    let requests = requests.buffer_unordered(clients).collect::<Vec<_>>();

    let (_, ended) = tokio::join!(requests, app.try_import(&["in"]));

    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let log = app.server.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    let tables = app.tables().await;
    let known: BTreeSet<_> = tables.tracks.iter().map(|track| &track.track_id).collect();
    assert!(
        tables
            .snapshots
            .iter()
            .all(|row| known.contains(&row.track_id))
    );
}

on_both_engines! {
async fn writes_of_every_kind_and_an_import_may_overlap(app: TestApp) {
    write_while_importing(&app, 30, false).await;
}
}

on_both_engines! {
async fn deletions_and_writes_of_the_same_tracks_may_overlap(app: TestApp) {
    write_while_importing(&app, 30, true).await;
}
}
