//! Deletions: a track with its ranks, and a list without its tracks.

use crate::harness::{Engine, TestApp, on_both_engines};
use serde_json::json;

on_both_engines! {
async fn a_deleted_track_disappears_from_every_list(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b", "c"]).await;
    app.put_list("2026-03-02", "long_term", ["b"]).await;

    let response = app.delete("/api/tracks/b").await;

    assert_eq!((response.status, response.body.as_str()), (204, ""));
    app.get("/api/tracks/b").await.problem(404, None);
    app.get("/api/tracks/b/history").await.problem(404, None);
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "c"]);
    app.get("/api/snapshots/2026-03-02/long_term").await.problem(404, None);
    let summary = app.json("/api/summary").await;
    assert_eq!((&summary["track_count"], &summary["snapshot_count"]), (&json!(2), &json!(1)));
    app.delete("/api/tracks/b").await.problem(404, None);
}
}

on_both_engines! {
async fn a_deleted_track_can_be_created_again(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.delete("/api/tracks/a").await;

    let change = app.put_list("2026-03-01", "short_term", ["a", "b"]).await;

    assert_eq!((&change["outcome"], &change["added_count"]), (&json!("captured"), &json!(1)));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
}
}

on_both_engines! {
async fn the_tracks_of_a_deleted_list_remain(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-01", "long_term", ["b"]).await;

    let response = app.delete("/api/snapshots/2026-03-01/short_term").await;

    assert_eq!((response.status, response.body.as_str()), (204, ""));
    app.get("/api/snapshots/2026-03-01/short_term").await.problem(404, None);
    assert_eq!(app.list("2026-03-01", "long_term").await, ["b"]);
    assert_eq!(app.json("/api/summary").await["track_count"], 2);
    app.delete("/api/snapshots/2026-03-01/short_term").await.problem(404, None);
}
}

on_both_engines! {
async fn a_deleted_list_can_be_captured_again(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    app.delete("/api/snapshots/2026-03-01/short_term").await;

    let change = app.put_list("2026-03-01", "short_term", ["a"]).await;

    assert_eq!((&change["outcome"], &change["added_count"]), (&json!("captured"), &json!(1)));
}
}

on_both_engines! {
async fn a_deletion_of_a_missing_or_invalid_resource_is_an_error(app: TestApp) {
    app.delete("/api/tracks/missing").await.problem(404, None);
    app.delete("/api/snapshots/2026-03-01/short_term").await.problem(404, None);
    app.delete("/api/snapshots/2026-02-30/short_term").await.problem(400, Some("snapshot_date"));
    app.delete("/api/snapshots/2026-03-01/weekly").await.problem(400, Some("time_range"));
    app.delete(&format!("/api/tracks/{}", "a".repeat(65))).await.problem(400, Some("track_id"));
}
}
