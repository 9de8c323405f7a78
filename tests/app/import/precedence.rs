//! Which of two payloads of a track is kept.

use crate::harness::writes::track_body;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use serde_json::json;

const OLDER: &str = "2026-03-01.short_term.json";
const NEWER: &str = "2026-03-09.long_term.json";

async fn kept_name(app: &TestApp) -> String {
    let track = app.json("/api/tracks/a").await;
    assert_eq!(track["raw_json"]["name"], track["name"]);
    track["name"].as_str().expect("a name").into()
}

fn write_all(app: &TestApp) {
    app.write("undated.json", json!([payload("a").named("undated")]));
    app.write(OLDER, page([payload("a").named("older")]));
    app.write(NEWER, page([payload("a").named("newer")]));
}

on_both_engines! {
async fn a_dated_payload_beats_an_undated_one_that_comes_later(app: TestApp) {
    write_all(&app);
    app.import([OLDER]).await;

    let account = app.import(["undated.json"]).await;

    assert_eq!(kept_name(&app).await, "older");
    assert_eq!(account.unchanged, 1);
}
}

on_both_engines! {
async fn a_dated_payload_beats_an_undated_one_that_came_before(app: TestApp) {
    write_all(&app);
    app.import(["undated.json"]).await;

    let account = app.import([OLDER]).await;

    assert_eq!(kept_name(&app).await, "older");
    assert_eq!(account.updated, 1);
    let track = app.json("/api/tracks/a").await;
    assert_eq!(track["payload_at"].as_str().map(|at| &at[..10]), Some("2026-03-01"));
}
}

on_both_engines! {
async fn a_dated_payload_beats_an_undated_one_of_the_same_run(app: TestApp) {
    write_all(&app);

    app.import(["undated.json", OLDER]).await;

    assert_eq!(kept_name(&app).await, "older");
}
}

on_both_engines! {
async fn the_newer_of_two_payloads_is_kept_when_it_comes_first(app: TestApp) {
    write_all(&app);
    app.import([NEWER]).await;

    app.import([OLDER]).await;

    assert_eq!(kept_name(&app).await, "newer");
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a"]);
}
}

on_both_engines! {
async fn the_newer_of_two_payloads_is_kept_when_it_comes_last(app: TestApp) {
    write_all(&app);
    app.import([OLDER]).await;

    app.import([NEWER]).await;

    assert_eq!(kept_name(&app).await, "newer");
}
}

on_both_engines! {
async fn of_undated_payloads_the_last_imported_wins(app: TestApp) {
    write_all(&app);
    app.import(["undated.json"]).await;
    app.write("again.json", json!([payload("a").named("undated again")]));

    let account = app.import(["again.json"]).await;

    assert_eq!(kept_name(&app).await, "undated again");
    assert_eq!(account.updated, 1);
}
}

on_both_engines! {
async fn of_undated_payloads_of_one_run_the_first_wins(app: TestApp) {
    app.write("a.json", json!([payload("a").named("first"), payload("a").named("second")]));
    app.write("b.json", json!([payload("a").named("third")]));

    let account = app.import(["a.json", "b.json"]).await;

    assert_eq!(kept_name(&app).await, "first");
    assert_eq!((account.new, account.duplicate), (1, 2));
}
}

on_both_engines! {
async fn a_degraded_payload_never_replaces_a_good_one(app: TestApp) {
    app.write(OLDER, page([payload("a").named("good")]));
    app.write(NEWER, page([payload("a").named("placeholder").degraded()]));
    app.import([OLDER]).await;

    app.import([NEWER]).await;

    assert_eq!(kept_name(&app).await, "good");
}
}

on_both_engines! {
async fn an_undated_good_payload_replaces_a_dated_degraded_one(app: TestApp) {
    app.write(NEWER, page([payload("a").named("placeholder").degraded()]));
    app.write("undated.json", json!([payload("a").named("good")]));
    app.import([NEWER]).await;

    app.import(["undated.json"]).await;

    assert_eq!(kept_name(&app).await, "good");
}
}

on_both_engines! {
async fn an_undated_good_payload_replaces_a_degraded_one_of_the_same_run(app: TestApp) {
    app.write(OLDER, page([payload("a").named("degraded").degraded()]));
    app.write("undated.json", json!([payload("a").named("good")]));

    app.import([OLDER, "undated.json"]).await;

    assert_eq!(kept_name(&app).await, "good");
}
}

on_both_engines! {
async fn a_list_of_the_future_counts_as_seen_now(app: TestApp) {
    app.write("2100-12-31.short_term.json", page([payload("a").named("future")]));
    app.import(["2100-12-31.short_term.json"]).await;
    let imported = app.json("/api/tracks/a").await;

    let put = app.put_json("/api/tracks/a", track_body("put", payload("a").named("put").0)).await;

    assert_eq!(imported["raw_json"]["name"], "future");
    assert_eq!(put["raw_json"]["name"], "put");
    assert!(put["payload_at"].as_str() > imported["payload_at"].as_str(), "{put}");
    assert_eq!(app.list("2100-12-31", "short_term").await, ["a"]);
}
}

on_both_engines! {
async fn a_list_that_was_put_after_an_import_from_the_future_stays(app: TestApp) {
    app.write("2100-12-31.short_term.json", page([payload("a")]));
    app.import(["2100-12-31.short_term.json"]).await;
    app.put_list("2100-12-31", "short_term", ["b"]).await;

    app.import(["2100-12-31.short_term.json"]).await;

    assert_eq!(app.list("2100-12-31", "short_term").await, ["b"]);
}
}
