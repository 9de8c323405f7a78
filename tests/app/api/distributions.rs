//! Distributions by release year, decade and explicit flag, and tracks without a known value.

use crate::harness::{Engine, Payload, TestApp, on_both_engines, payload};
use serde_json::{Value, json};

pub const YEARS: &str = "/api/release-year-distribution";
pub const DECADES: &str = "/api/release-decade-distribution";
pub const EXPLICIT: &str = "/api/explicit-distribution";

impl TestApp {
    /// Imports tracks that are on no list.
    pub async fn put_tracks(&self, tracks: impl IntoIterator<Item = Payload>) {
        let tracks: Vec<_> = tracks.into_iter().map(|track| track.0).collect();
        self.write("put.json", json!(tracks));
        let account = self.import(["put.json"]).await;
        assert_eq!(account.refused, 0, "{account:?}");
    }

    /// A distribution whose counts add up to the number of tracks.
    pub async fn distribution(&self, path: &str) -> Value {
        let distribution = self.json(path).await;
        let data = distribution["data"].as_array().expect("counts").iter();
        let rest = [&distribution["other_count"], &distribution["unknown_count"]];
        let sum: i64 = data
            .chain(rest)
            .map(|count| count.as_i64().expect("a count"))
            .sum();
        assert_eq!(
            self.json("/api/summary").await["track_count"],
            sum,
            "{path}: {distribution}"
        );
        distribution
    }
}

pub fn released(dates: &[&str]) -> Vec<Payload> {
    let track = |(number, date): (usize, &&str)| payload(&format!("t{number}")).released(*date);
    dates.iter().enumerate().map(track).collect()
}

on_both_engines! {
async fn an_empty_library_has_empty_distributions(app: TestApp) {
    let empty = json!({ "labels": [], "data": [], "other_count": 0, "unknown_count": 0 });

    assert_eq!(app.json("/api/summary").await, json!({ "track_count": 0, "snapshot_count": 0 }));
    for path in [YEARS, DECADES, EXPLICIT] {
        assert_eq!(app.json(path).await, empty, "{path}");
    }
    assert_eq!(app.json("/api/tracks").await, json!({ "items": [] }));
    assert_eq!(app.json("/api/snapshots").await, json!({ "items": [] }));
}
}

on_both_engines! {
async fn the_summary_counts_tracks_and_days(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-01", "long_term", ["b", "c"]).await;
    app.put_list("2025-12-31", "short_term", ["a"]).await;

    let summary = app.json("/api/summary").await;

    assert_eq!(summary, json!({
        "track_count": 3, "snapshot_count": 2,
        "first_snapshot_date": "2025-12-31", "latest_snapshot_date": "2026-03-01",
    }));
}
}

on_both_engines! {
async fn decades_are_oldest_first_and_unknown_years_are_counted_separately(app: TestApp) {
    let dates = ["2009-12-31", "1959", "2000-01", "1960-01-01", "2010", "0000", "1000", "2999-12"];
    app.put_tracks(released(&dates)).await;

    let decades = app.distribution(DECADES).await;

    assert_eq!(decades, json!({
        "labels": ["1000s", "1950s", "1960s", "2000s", "2010s", "2990s"],
        "data": [1, 1, 1, 2, 1, 1], "other_count": 0, "unknown_count": 1,
    }));
}
}

on_both_engines! {
async fn years_are_newest_first_and_the_others_are_counted_together(app: TestApp) {
    let dates = ["2001", "2003-05-01", "2002", "2003", "1990", "1980-02"];
    app.put_tracks(released(&dates)).await;

    let years = app.distribution(&format!("{YEARS}?limit=2")).await;

    assert_eq!(years, json!({
        "labels": ["2003", "2002"], "data": [2, 1], "other_count": 3, "unknown_count": 0,
    }));
}
}

on_both_engines! {
async fn the_default_limit_of_years_is_10(app: TestApp) {
    let dates: Vec<_> = (1990..2005).map(|year| year.to_string()).collect();
    app.put_tracks(released(&dates.iter().map(String::as_str).collect::<Vec<_>>())).await;

    let years = app.distribution(YEARS).await;

    assert_eq!(years["labels"].as_array().map(Vec::len), Some(10));
    assert_eq!(years["labels"][0], "2004");
    assert_eq!(years["other_count"], 5);
}
}

on_both_engines! {
async fn the_explicit_distribution_has_the_largest_count_first(app: TestApp) {
    let track = |(number, explicit): (usize, Value)| {
        payload(&format!("t{number}")).with("explicit", explicit)
    };
    let flags = [json!(true), json!(false), json!(true), Value::Null, json!("true")];
    app.put_tracks(flags.into_iter().enumerate().map(track)).await;

    let explicit = app.distribution(EXPLICIT).await;

    assert_eq!(explicit, json!({
        "labels": ["Explicit", "Clean"], "data": [2, 1], "other_count": 0, "unknown_count": 2,
    }));
}
}

on_both_engines! {
async fn equal_explicit_counts_are_ordered_by_label_and_zero_counts_are_omitted(app: TestApp) {
    app.put_tracks([payload("a"), payload("b").with("explicit", true)]).await;
    let tie = app.distribution(EXPLICIT).await;
    app.put_tracks([payload("b")]).await;

    let all_clean = app.distribution(EXPLICIT).await;

    assert_eq!(tie["labels"], json!(["Clean", "Explicit"]));
    assert_eq!(all_clean["labels"], json!(["Clean"]));
}
}
