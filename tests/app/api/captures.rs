//! The ledger: every attempt to capture a list, and its outcome.

use super::tracks::pages;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload, texts};
use serde_json::{Value, json};

/// Makes 15 attempts, through the API and the import, with every outcome.
async fn make_attempts(app: &TestApp) -> usize {
    for day in [3, 1, 2] {
        for range in ["medium_term", "short_term", "long_term"] {
            app.put_list(&format!("2026-03-{day:02}"), range, ["a", "b"])
                .await;
        }
    }
    let list = "/api/snapshots/2026-03-02/short_term";
    app.put_json(list, page(["a", "b"].map(payload))).await;
    app.put_json(list, page([])).await;
    app.put(list, json!({ "items": [7] }))
        .await
        .problem(400, Some("items[0]"));
    app.put_json(list, page([payload("c").degraded()])).await;
    app.write("2026-03-02T080000Z.short_term.json", page([payload("z")]));
    app.import(["2026-03-02T080000Z.short_term.json"]).await;
    app.write("in/2025-01-01/long_term.json", page([payload("z")]));
    app.import(["in"]).await;
    9 + 4 + 2
}

fn key(attempt: &Value) -> [String; 4] {
    ["snapshot_date", "time_range", "captured_at", "source"]
        .map(|member| attempt[member].as_str().expect("a text").to_owned())
}

on_both_engines! {
async fn the_ledger_has_every_attempt_newest_first(app: TestApp) {
    let count = make_attempts(&app).await;

    let ledger = app.json("/api/captures?limit=100").await;

    let items = ledger["items"].as_array().expect("items");
    let keys: Vec<_> = items.iter().map(key).collect();
    let mut sorted = keys.clone();
    sorted.sort_by(|one, other| other.cmp(one));
    assert_eq!(keys, sorted);
    assert_eq!(keys.len(), count);
    assert_eq!(ledger.get("next_cursor"), None);
    let summary = |item: &Value| json!([item["time_range"], item["source"], item["outcome"]]);
    let second: Vec<_> = items.iter().filter(|item| item["snapshot_date"] == "2026-03-02").map(summary).collect();
    assert_eq!(json!(second), json!([
        ["short_term", "api", "degraded"], ["short_term", "api", "failed"], ["short_term", "api", "empty"],
        ["short_term", "api", "unchanged"], ["short_term", "api", "captured"],
        ["short_term", "2026-03-02T080000Z.short_term.json", "captured"],
        ["medium_term", "api", "captured"], ["long_term", "api", "captured"],
    ]));
}
}

on_both_engines! {
async fn only_a_failed_attempt_has_a_reason(app: TestApp) {
    make_attempts(&app).await;

    let ledger = app.json("/api/captures?limit=100").await;

    for attempt in ledger["items"].as_array().expect("items") {
        let members: Vec<_> = attempt.as_object().expect("an object").keys().collect();
        let failed = attempt["outcome"] == "failed";
        assert_eq!(members.len(), if failed { 8 } else { 7 }, "{attempt}");
        assert_eq!(attempt.get("reason").is_some(), failed, "{attempt}");
        assert!(attempt["captured_at"].as_str().is_some_and(|at| at.ends_with("+00:00")), "{attempt}");
    }
}
}

on_both_engines! {
async fn pages_of_the_ledger_have_every_attempt_once(app: TestApp) {
    let count = make_attempts(&app).await;
    let whole = app.json("/api/captures?limit=100").await["items"].take();

    for limit in [1, 2, 7, 14, 15] {
        let paged = pages(&app, &format!("/api/captures?limit={limit}")).await;

        assert!(paged.iter().rev().skip(1).all(|page| page.len() == limit), "limit {limit}");
        assert_eq!(paged.len(), count.div_ceil(limit), "limit {limit}");
        assert_eq!(json!(paged.concat()), whole, "limit {limit}");
    }
}
}

on_both_engines! {
async fn refusals_one_after_the_other_for_one_reason_share_a_row(app: TestApp) {
    let list = "/api/snapshots/2025-12-31/short_term";
    for body in [json!([7]), json!([7]), json!([null]), json!([7]), json!([7]), json!([7])] {
        app.put(list, json!({ "items": body })).await.problem(400, Some("items[0]"));
    }
    app.put("/api/snapshots/2025-12-31/long_term", json!({ "items": [7] })).await.problem(400, Some("items[0]"));
    app.put_list("2025-12-31", "short_term", ["a"]).await;
    app.put(list, json!({ "items": [7] })).await.problem(400, Some("items[0]"));

    let ledger = app.json("/api/captures").await;

    let items = ledger["items"].as_array().expect("items").iter();
    let counts: Vec<_> = items.map(|item| json!([item["time_range"], item["outcome"], item["attempt_count"]])).collect();
    assert_eq!(json!(counts), json!([
        ["short_term", "failed", 1], ["short_term", "captured", 1], ["short_term", "failed", 3], ["short_term", "failed", 1],
        ["short_term", "failed", 2], ["long_term", "failed", 1],
    ]));
    assert!(app.main_part("/lists?year=2025").await.contains("3 times"));
}
}

on_both_engines! {
async fn the_ledger_is_filtered_by_range_and_days(app: TestApp) {
    make_attempts(&app).await;
    let days = async |query: &str| {
        let found = pages(&app, &format!("/api/captures?limit=2&{query}")).await.concat();
        let mut days = texts(&json!(found), "snapshot_date");
        days.dedup();
        (found.len(), days.join(" "))
    };

    assert_eq!(days("time_range=long_term").await, (4, "2026-03-03 2026-03-02 2026-03-01 2025-01-01".into()));
    assert_eq!(days("from=2026-03-02&to=2026-03-02").await, (8, "2026-03-02".into()));
    assert_eq!(days("to=2026-03-01").await, (4, "2026-03-01 2025-01-01".into()));
    assert_eq!(days("from=2026-03-02&time_range=medium_term").await, (2, "2026-03-03 2026-03-02".into()));
    assert_eq!(days("from=2026-03-03&to=2026-03-01").await, (0, String::new()));
    assert_eq!(days("from=2026-03-04").await, (0, String::new()));
}
}

on_both_engines! {
async fn an_invalid_parameter_of_the_ledger_is_400_with_its_name(app: TestApp) {
    for (query, field) in [
        ("limit=0", "limit"), ("limit=101", "limit"), ("from=x", "from"), ("to=2026-02-30", "to"), ("cursor=x", "cursor"),
        ("time_range=weekly", "time_range"), ("outcome=failed", "outcome"), ("cursor=", "cursor"), ("from=", "from"),
    ] {
        app.get(&format!("/api/captures?{query}")).await.problem(400, Some(field));
    }
}
}
