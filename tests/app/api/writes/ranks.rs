//! Single ranks on a list: the upsert of the program this one grew from.

use crate::harness::{Engine, JSON, TestApp, on_both_engines, payload};
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

/// The ranks on the list, by rank and id.
pub async fn ranks(app: &TestApp, list: &str) -> Vec<(i64, String)> {
    let list = app.json(list).await;
    let place = |item: &Value| {
        let id = item["track_id"].as_str().expect("an id");
        (item["rank"].as_i64().expect("a rank"), id.to_owned())
    };
    list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(place)
        .collect()
}

on_both_engines! {
async fn a_rank_is_put_moved_and_put_again(app: TestApp) {
    app.put_tracks([payload("a")]).await;
    let path = format!("{LIST}/a");

    for rank in [7, 1, 10_000, 10_000] {
        let answer = app.put_json(&path, json!({ "rank": rank })).await;

        assert_eq!(answer, json!({
            "track_id": "a", "snapshot_date": "2026-03-01", "time_range": "short_term", "rank": rank,
        }));
        assert_eq!(ranks(&app, LIST).await, [(rank, "a".to_owned())]);
    }
}
}

on_both_engines! {
async fn two_tracks_may_share_a_rank_and_nobody_moves(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b", "c"]).await;

    app.put_json(&format!("{LIST}/c"), json!({ "rank": 1 })).await;

    let shared = [(1, "a"), (1, "c"), (2, "b")].map(|(rank, id)| (rank, id.to_owned()));
    assert_eq!(ranks(&app, LIST).await, shared);
}
}

on_both_engines! {
async fn a_rank_of_an_unknown_track_is_404_and_makes_no_list(app: TestApp) {
    let problem = app.put(&format!("{LIST}/nobody"), json!({ "rank": 1 })).await.problem(404, None);

    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("nobody")), "{problem}");
    app.get(LIST).await.problem(404, None);
}
}

on_both_engines! {
async fn an_unknown_track_is_no_matter_of_those_put_beside_it(app: TestApp) {
    app.put_tracks((0..20).map(|number| payload(&format!("t{number}")))).await;
    let paths: Vec<_> = (0..40).map(|number| format!("{LIST}/t{number}")).collect();
    let puts = paths.iter().map(|path| app.put(path, json!({ "rank": 3 })));

    let answers = futures_util::future::join_all(puts).await;

    for (number, answer) in answers.iter().enumerate() {
        let expected = if number < 20 { 200 } else { 404 };
        assert_eq!(answer.status, expected, "t{number}: {}", answer.body);
    }
    assert_eq!(ranks(&app, LIST).await.len(), 20);
}
}

on_both_engines! {
async fn what_is_no_rank_is_refused_by_name(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let path = format!("{LIST}/a");
    let ranks_refused = [
        "0", "-1", "10001", "1e9", "2147483648", "99999999999999999999", "1.5", "\"1\"", "null", "true", "[1]", "{}", "\"\"",
    ];
    for rank in ranks_refused {
        let answer = app.send(Method::PUT, &path, JSON, format!("{{\"rank\": {rank}}}")).await;
        answer.problem(400, Some("rank"));
    }
    app.put(&path, json!({})).await.problem(400, Some("rank"));
    app.put(&path, json!({ "rank": 1, "Rank": 2 })).await.problem(400, Some("Rank"));
    app.put(&path, json!([1])).await.problem(400, Some("body"));

    assert_eq!(ranks(&app, LIST).await, [(1, "a".to_owned())]);
}
}

on_both_engines! {
async fn a_rank_is_a_number_by_its_value(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for rank in ["2.0", "2e0", "20e-1", "7, \"rank\": 2"] {
        let body = format!("{{\"rank\": {rank}}}");
        let answer = app.send(Method::PUT, &format!("{LIST}/a"), JSON, body).await;

        assert_eq!((answer.status, &answer.json()["rank"]), (200, &json!(2)), "{rank}");
    }
}
}

on_both_engines! {
async fn a_wrong_part_of_the_address_of_a_rank_is_named(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let long = "a".repeat(65);
    let cases = [
        ("2026-02-30/short_term/a", "snapshot_date"), ("2101-01-01/short_term/a", "snapshot_date"),
        ("2026-03-01/weekly/a", "time_range"), ("2026-03-01/SHORT_TERM/a", "time_range"),
        (&format!("2026-03-01/short_term/{long}"), "track_id"),
    ];
    for (place, field) in cases {
        let answer = app.put(&format!("/api/snapshots/{place}"), json!({ "rank": 1 })).await;
        answer.problem(400, Some(field));
    }
}
}
