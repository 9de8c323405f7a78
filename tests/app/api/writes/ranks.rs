//! PUT of a single rank. The predecessor of this program wrote only these.

use crate::harness::{Engine, JSON, TestApp, on_both_engines, payload};
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

/// Ranks and ids of a list, in this order.
pub async fn ranks(app: &TestApp, list: &str) -> Vec<(i64, String)> {
    let list = app.json(list).await;
    let entry = |item: &Value| {
        let id = item["track_id"].as_str().expect("an id");
        (item["rank"].as_i64().expect("a rank"), id.to_owned())
    };
    list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(entry)
        .collect()
}

on_both_engines! {
async fn a_put_creates_changes_and_repeats_a_rank(app: TestApp) {
    app.put_tracks([payload("a")]).await;
    let path = format!("{LIST}/a");

    for rank in [7, 1, 10_000, 10_000] {
        let response = app.put_json(&path, json!({ "rank": rank })).await;

        assert_eq!(response, json!({
            "track_id": "a", "snapshot_date": "2026-03-01", "time_range": "short_term", "rank": rank,
        }));
        assert_eq!(ranks(&app, LIST).await, [(rank, "a".to_owned())]);
    }
}
}

on_both_engines! {
async fn two_tracks_may_share_a_rank(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b", "c"]).await;

    app.put_json(&format!("{LIST}/c"), json!({ "rank": 1 })).await;

    let shared = [(1, "a"), (1, "c"), (2, "b")].map(|(rank, id)| (rank, id.to_owned()));
    assert_eq!(ranks(&app, LIST).await, shared);
}
}

on_both_engines! {
async fn a_rank_of_an_unknown_track_is_404_and_creates_no_list(app: TestApp) {
    let problem = app.put(&format!("{LIST}/missing"), json!({ "rank": 1 })).await.problem(404, None);

    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("missing")), "{problem}");
    app.get(LIST).await.problem(404, None);
}
}

on_both_engines! {
async fn unknown_tracks_do_not_fail_other_ranks_put_at_the_same_time(app: TestApp) {
    app.put_tracks((0..20).map(|number| payload(&format!("t{number}")))).await;
    let paths: Vec<_> = (0..40).map(|number| format!("{LIST}/t{number}")).collect();
    let puts = paths.iter().map(|path| app.put(path, json!({ "rank": 3 })));

    let responses = futures_util::future::join_all(puts).await;

    for (number, response) in responses.iter().enumerate() {
        let expected = if number < 20 { 200 } else { 404 };
        assert_eq!(response.status, expected, "t{number}: {}", response.body);
    }
    assert_eq!(ranks(&app, LIST).await.len(), 20);
}
}

on_both_engines! {
async fn an_invalid_rank_is_400_with_its_field(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let path = format!("{LIST}/a");
    let invalid = [
        "0", "-1", "10001", "1e9", "2147483648", "99999999999999999999", "1.5", "\"1\"", "null", "true", "[1]", "{}", "\"\"",
    ];
    for rank in invalid {
        let response = app.send(Method::PUT, &path, JSON, format!("{{\"rank\": {rank}}}")).await;
        response.problem(400, Some("rank"));
    }
    app.put(&path, json!({})).await.problem(400, Some("rank"));
    app.put(&path, json!({ "rank": 1, "Rank": 2 })).await.problem(400, Some("Rank"));
    app.put(&path, json!([1])).await.problem(400, Some("body"));

    assert_eq!(ranks(&app, LIST).await, [(1, "a".to_owned())]);
}
}

on_both_engines! {
async fn a_rank_is_read_by_its_numeric_value(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for rank in ["2.0", "2e0", "20e-1", "7, \"rank\": 2"] {
        let body = format!("{{\"rank\": {rank}}}");
        let response = app.send(Method::PUT, &format!("{LIST}/a"), JSON, body).await;

        assert_eq!((response.status, &response.json()["rank"]), (200, &json!(2)), "{rank}");
    }
}
}

on_both_engines! {
async fn an_invalid_part_of_the_path_is_400_with_its_field(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let long = "a".repeat(65);
    let cases = [
        ("2026-02-30/short_term/a", "snapshot_date"), ("2101-01-01/short_term/a", "snapshot_date"),
        ("2026-03-01/weekly/a", "time_range"), ("2026-03-01/SHORT_TERM/a", "time_range"),
        (&format!("2026-03-01/short_term/{long}"), "track_id"),
    ];
    for (path, field) in cases {
        let response = app.put(&format!("/api/snapshots/{path}"), json!({ "rank": 1 })).await;
        response.problem(400, Some(field));
    }
}
}
