//! PUT of a whole list.

use super::ranks::ranks;
use crate::harness::{Engine, JSON, Payload, TestApp, gzip, on_both_engines, page, payload};
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

/// The response to a PUT. The counts are tracks in the body, added, removed and moved.
fn change(outcome: &str, counts: [usize; 4]) -> Value {
    let [track, added, removed, moved] = counts;
    json!({
        "outcome": outcome, "track_count": track, "added_count": added, "removed_count": removed,
        "moved_count": moved,
    })
}

on_both_engines! {
async fn a_list_replaces_the_whole_previous_list(app: TestApp) {
    let first = app.put_list("2026-03-01", "short_term", ["a", "b", "c", "d"]).await;

    let second = app.put_list("2026-03-01", "short_term", ["a", "d", "e", "c"]).await;

    assert_eq!(first, change("captured", [4, 4, 0, 0]));
    assert_eq!(second, change("captured", [4, 1, 1, 2]));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "d", "e", "c"]);
    assert_eq!(app.json("/api/tracks/b/history").await, json!({ "items": [] }));
}
}

on_both_engines! {
async fn a_put_does_not_change_the_lists_of_other_days_and_ranges(app: TestApp) {
    app.put_list("2026-03-01", "long_term", ["a"]).await;
    app.put_list("2026-03-02", "short_term", ["b"]).await;

    app.put_list("2026-03-01", "short_term", ["c"]).await;

    assert_eq!(app.list("2026-03-01", "long_term").await, ["a"]);
    assert_eq!(app.list("2026-03-02", "short_term").await, ["b"]);
}
}

on_both_engines! {
async fn the_same_list_put_again_is_unchanged(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    let tracks = app.json("/api/tracks/a").await;

    let again = app.put_list("2026-03-01", "short_term", ["a", "b"]).await;

    assert_eq!(again, change("unchanged", [2, 0, 0, 0]));
    assert_eq!(app.json("/api/tracks/a").await, tracks);
}
}

on_both_engines! {
async fn a_track_listed_twice_keeps_its_better_rank_and_the_other_rank_is_unused(app: TestApp) {
    let response = app.put_list("2026-03-01", "short_term", ["a", "b", "a", "c", "b"]).await;

    assert_eq!(response, change("captured", [5, 3, 0, 0]));
    let stored = [(1, "a"), (2, "b"), (4, "c")].map(|(rank, id)| (rank, id.to_owned()));
    assert_eq!(ranks(&app, LIST).await, stored);
}
}

on_both_engines! {
async fn an_empty_list_is_recorded_and_does_not_replace_a_list(app: TestApp) {
    let on_nothing = app.put_json(LIST, json!({ "items": [] })).await;
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;

    let on_a_list = app.put_json(LIST, json!({ "items": [] })).await;

    assert_eq!(on_nothing, change("empty", [0; 4]));
    assert_eq!(on_a_list, change("empty", [0; 4]));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
    let outcomes: Vec<_> = app.tables().await.outcomes();
    use entity::capture::Outcome::{Captured, Empty};
    assert_eq!(outcomes, [Empty, Captured, Empty]);
}
}

on_both_engines! {
async fn an_empty_list_does_not_create_a_list(app: TestApp) {
    app.put_json(LIST, json!({ "items": [] })).await;

    app.get(LIST).await.problem(404, None);
    assert_eq!(app.json("/api/summary").await["snapshot_count"], 0);
}
}

on_both_engines! {
async fn a_degraded_list_sets_ranks_but_replaces_no_payload(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    let degraded = page(["b", "a", "new"].map(|id| payload(id).named("?").degraded()));

    let response = app.put_json(LIST, degraded.clone()).await;
    let again = app.put_json(LIST, degraded).await;

    assert_eq!(response, change("degraded", [3, 1, 0, 2]));
    assert_eq!(again, change("degraded", [3, 0, 0, 0]));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["b", "a", "new"]);
    let track = app.json("/api/tracks/a").await;
    assert_eq!((&track["name"], &track["raw_json"]), (&json!("Name of a"), &payload("a").0));
    assert_eq!(app.json("/api/tracks/new").await["raw_json"]["album"]["release_date"], "0000");
}
}

on_both_engines! {
async fn a_list_with_one_good_album_is_not_degraded(app: TestApp) {
    let list = page([payload("a").degraded(), payload("b")]);

    let response = app.put_json(LIST, list).await;

    assert_eq!(response["outcome"], "captured");
}
}

on_both_engines! {
async fn a_payload_is_as_old_as_the_day_of_its_list(app: TestApp) {
    let named = |name: &str| page([payload("a").named(name)]);
    app.put_json("/api/snapshots/2026-03-05/short_term", named("fifth")).await;

    app.put_json("/api/snapshots/2026-03-02/long_term", named("second")).await;

    let track = app.json("/api/tracks/a").await;
    assert_eq!(track["name"], "fifth");
    assert_eq!(app.list("2026-03-02", "long_term").await, ["a"]);
}
}

on_both_engines! {
async fn an_empty_name_on_a_list_is_kept(app: TestApp) {
    app.put_json(LIST, page([payload("a").named("")])).await;

    assert_eq!(app.json(LIST).await["items"][0]["name"], "");
}
}

on_both_engines! {
async fn members_beside_the_items_are_ignored(app: TestApp) {
    let list = json!({ "items": [payload("a")], "offset": null, "limit": "x", "next": [1], "": {} });

    let response = app.put_json(LIST, list).await;

    assert_eq!(response["outcome"], "captured");
}
}

on_both_engines! {
async fn a_list_of_2_mib_is_accepted_plain_and_compressed(app: TestApp) {
    let large = |number: usize| payload(&format!("t{number:03}")).with("extra", "x".repeat(20_000));
    let list = page((0..110).map(large));
    assert!(list.to_string().len() > 2 << 20);

    let plain = app.put_json(LIST, list.clone()).await;
    let headers = [JSON, &[("content-encoding", "gzip")]].concat();
    let compressed = app.send(Method::PUT, LIST, &headers, gzip(list)).await;

    assert_eq!(plain, change("captured", [110, 110, 0, 0]));
    assert_eq!((compressed.status, compressed.json()), (200, change("unchanged", [110, 0, 0, 0])));
}
}

on_both_engines! {
async fn a_list_over_10_000_tracks_is_400(app: TestApp) {
    let small = |number: usize| {
        Payload(json!({ "id": format!("t{number:05}"), "name": "n", "artists": [{ "name": "a" }] }))
    };

    let fits = app.put_json(LIST, page((0..10_000).map(small))).await;
    let too_long = app.put(LIST, page((0..10_001).map(small))).await;

    assert_eq!(fits, change("captured", [10_000, 10_000, 0, 0]));
    too_long.problem(400, Some("items"));
    assert_eq!(ranks(&app, LIST).await.last().map(|(rank, _)| *rank), Some(10_000));
}
}
