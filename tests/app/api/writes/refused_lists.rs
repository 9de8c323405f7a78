//! PUT of an invalid list: it is rejected as a whole, and recorded in the ledger.

use crate::harness::{Engine, JSON, TestApp, on_both_engines, page, payload};
use reqwest::Method;
use serde_json::{Value, json};

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

/// The newest attempt in the ledger.
async fn last_attempt(app: &TestApp) -> Value {
    app.json("/api/captures?limit=1").await["items"][0].take()
}

on_both_engines! {
async fn an_invalid_item_rejects_the_whole_list_with_its_field(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    let items = |bad: Value| {
        let mut list = page(["c", "d", "e", "f", "g"].map(payload));
        list["items"][3] = bad;
        list
    };
    let cases = [
        (payload("x").with("id", 17).0, "items[3].id"),
        (payload("x").without("id").0, "items[3].id"),
        (payload(&"x".repeat(65)).0, "items[3].id"),
        (payload("x").with("name", Value::Null).0, "items[3].name"),
        (payload("x").with("artists", json!([])).0, "items[3].artists[0]"),
        (payload("x").with("artists/0/name", 1).0, "items[3].artists[0].name"),
        (payload("x").with("album/name", "n".repeat(1025)).0, "items[3].album.name"),
        (payload("x").with("type", "episode").0, "items[3].type"),
        (payload("x").with("is_local", true).0, "items[3].id"),
        (payload("x").with("extra", json!([0, "\0"])).0, "items[3].extra[1]"),
        (payload("x").with("extra", json!({ "a\0b": 1 })).0, "items[3].extra.a\\u0000b"),
        (Value::Null, "items[3]"),
        (json!([payload("x")]), "items[3]"),
        (json!({ "track": payload("x") }), "items[3].artists"),
    ];
    for (bad, field) in cases {
        let problem = app.put(LIST, items(bad)).await.json();

        assert_eq!((&problem["status"], problem["field"].as_str()), (&json!(400), Some(field)), "{problem}");
        let attempt = last_attempt(&app).await;
        assert_eq!((&attempt["outcome"], &attempt["source"]), (&json!("failed"), &json!("api")));
        assert!(attempt["reason"].as_str().is_some_and(|reason| reason.starts_with(field)), "{attempt}");
    }
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
    app.get("/api/tracks/c").await.problem(404, None);
}
}

on_both_engines! {
async fn a_list_with_an_offset_is_rejected(app: TestApp) {
    for offset in ["50", "1", "-1", "\"0\"", "{}", "0.5"] {
        let body = format!("{{\"items\": [], \"offset\": {offset}}}");
        app.send(Method::PUT, LIST, JSON, body).await.problem(400, Some("offset"));

        assert_eq!(last_attempt(&app).await["outcome"], "failed", "{offset}");
    }
}
}

on_both_engines! {
async fn a_body_that_is_not_a_list_is_rejected_and_recorded(app: TestApp) {
    let cases = [
        ("{}", "items"), ("{\"items\": null}", "items"), ("{\"items\": {}}", "items"), ("{\"items\": \"[]\"}", "items"),
        ("[]", "body"), ("7", "body"), ("\"x\"", "body"), ("null", "body"), ("", "body"), ("{\"items\": [", "body"),
        ("{\"items\": []}}", "body"),
    ];
    for (body, field) in cases {
        app.send(Method::PUT, LIST, JSON, body).await.problem(400, Some(field));
    }

    let ledger = app.json("/api/captures").await;
    let ledger = ledger["items"].as_array().expect("items");
    let attempts = ledger.iter().map(|attempt| attempt["attempt_count"].as_u64().expect("a count"));
    assert_eq!(attempts.sum::<u64>(), cases.len() as u64);
    assert!(ledger.iter().all(|attempt| attempt["outcome"] == "failed" && attempt["track_count"] == 0));
}
}

on_both_engines! {
async fn a_list_with_an_invalid_day_or_range_is_400_with_its_field(app: TestApp) {
    for day in ["2026-02-30", "0000-00-00", "1899-12-31", "2101-01-01", "10000-01-01", "infinity", "today", "2026-03-01T00:00"] {
        let response = app.put(&format!("/api/snapshots/{day}/short_term"), page([])).await;
        response.problem(400, Some("snapshot_date"));
    }
    app.put("/api/snapshots/2026-03-01/shortest_term", page([])).await.problem(400, Some("time_range"));
    assert_eq!(app.json("/api/captures").await, json!({ "items": [] }));
}
}

on_both_engines! {
async fn the_first_and_the_last_valid_day_can_have_lists(app: TestApp) {
    for day in ["1900-01-01", "2100-12-31", "2024-02-29"] {
        app.put_list(day, "long_term", ["a"]).await;

        assert_eq!(app.list(day, "long_term").await, ["a"]);
    }
}
}
