//! Forgotten gems, recent discoveries and the current rotation.

use crate::harness::{Engine, TestApp, must_have, on_both_engines, texts};
use chrono::{Days, NaiveDate};
use serde_json::Value;

const TODAY: &str = "2025-06-01";

/// A day before [`TODAY`].
fn ago(days: u64) -> String {
    let today: NaiveDate = TODAY.parse().expect("a day");
    (today - Days::new(days)).to_string()
}

fn ids(answer: &Value) -> Vec<String> {
    texts(&answer["items"], "track_id")
}

on_both_engines! {
async fn a_gem_was_last_seen_90_to_365_days_ago(app: TestApp) {
    for (days, id) in [(89, "a"), (90, "b"), (365, "c"), (366, "d")] {
        app.put_list(&ago(days), "short_term", [id]).await;
    }
    app.put_list(TODAY, "short_term", ["z"]).await;

    let gems = app.json("/api/forgotten-gems").await;

    assert_eq!(ids(&gems), ["b", "c"]);
    assert_eq!((&gems["as_of"], &gems["track_count"]), (&TODAY.into(), &2.into()));
    assert_eq!(gems["items"][0]["last_seen_date"], ago(90));
    assert_eq!(gems["items"][0].get("rank"), None);
    // As of a day before, the first is not yet one, and the last still is.
    let gems = app.json(&format!("/api/forgotten-gems?as_of={}", ago(1))).await;
    assert_eq!(ids(&gems), ["c", "d"]);
}
}

on_both_engines! {
async fn a_track_that_came_back_is_no_gem_until_it_is_gone_again(app: TestApp) {
    app.put_list(&ago(200), "short_term", ["a", "b", "c"]).await;
    app.put_list(&ago(89), "short_term", ["a"]).await;
    app.put_list(&ago(10), "long_term", ["b"]).await;
    app.put_list(TODAY, "short_term", ["z"]).await;

    // Another range does not count.
    assert_eq!(ids(&app.json("/api/forgotten-gems").await), ["b", "c"]);
    assert_eq!(ids(&app.json("/api/forgotten-gems?time_range=long_term").await), [""; 0]);
    // Later lists are left out.
    assert_eq!(ids(&app.json(&format!("/api/forgotten-gems?as_of={}", ago(90))).await), ["a", "b", "c"]);
}
}

on_both_engines! {
async fn gems_are_in_order_of_last_day_best_rank_in_that_time_and_id(app: TestApp) {
    app.put_list(&ago(400), "short_term", ["d", "x"]).await;
    app.put_list(&ago(300), "short_term", ["b", "c", "x", "a"]).await;
    app.put_list(&ago(200), "short_term", ["c", "b", "a", "d"]).await;
    app.put_list(&ago(120), "short_term", ["y", "e"]).await;
    app.put_list(TODAY, "short_term", ["z"]).await;

    let gems = app.json("/api/forgotten-gems").await;

    assert_eq!(ids(&gems), ["y", "e", "b", "c", "a", "d", "x"]);
    let best: Vec<_> = gems["items"].as_array().expect("items").iter().map(|gem| gem["best_rank"].as_i64()).collect();
    assert_eq!(best, [1, 2, 1, 1, 3, 4, 3].map(Some));
    let first = app.json("/api/forgotten-gems?limit=2").await;
    assert_eq!((ids(&first), &first["track_count"]), (vec!["y".into(), "e".into()], &7.into()));
}
}

on_both_engines! {
async fn a_discovery_was_on_no_list_of_any_range_before(app: TestApp) {
    app.put_list("2025-05-01", "long_term", ["a"]).await;
    app.put_list("2025-05-02", "short_term", ["b"]).await;
    app.put_list("2025-05-03", "short_term", ["b", "c", "a", "d"]).await;
    app.put_list("2025-05-03", "long_term", ["c"]).await;
    app.put_list("2025-05-04", "medium_term", ["e"]).await;

    let discoveries = app.json("/api/recent-discoveries").await;

    assert_eq!(ids(&discoveries), ["c", "d"]);
    assert_eq!((&discoveries["as_of"], &discoveries["snapshot_date"]), (&"2025-05-04".into(), &"2025-05-03".into()));
    assert_eq!((&discoveries["items"][0]["rank"], &discoveries["items"][0]["first_seen_date"]), (&2.into(), &"2025-05-03".into()));
    let first = app.json("/api/recent-discoveries?as_of=2025-05-02&limit=1").await;
    assert_eq!(ids(&first), ["b"]);
}
}

on_both_engines! {
async fn the_current_rotation_is_the_latest_list(app: TestApp) {
    app.put_list("2025-05-01", "long_term", ["b"]).await;
    app.put_list("2025-05-02", "short_term", ["a", "b"]).await;
    app.put_list("2025-05-03", "short_term", ["b", "c", "a"]).await;

    let rotation = app.json("/api/current-rotation").await;

    assert_eq!(ids(&rotation), ["b", "c", "a"]);
    assert_eq!((&rotation["snapshot_date"], &rotation["track_count"]), (&"2025-05-03".into(), &3.into()));
    assert_eq!(texts(&rotation["items"], "first_seen_date"), ["2025-05-01", "2025-05-03", "2025-05-02"]);
    let past = app.json("/api/current-rotation?as_of=2025-05-02&limit=1").await;
    assert_eq!((ids(&past), &past["track_count"]), (vec!["a".into()], &2.into()));
    let csv = app.get("/api/current-rotation?format=csv").await;
    assert!(csv.body.starts_with("rank,track_id,") && csv.body.lines().count() == 4, "{}", csv.body);
}
}

on_both_engines! {
async fn a_library_without_lists_and_a_day_before_the_first_have_none(app: TestApp) {
    for path in ["/api/forgotten-gems", "/api/recent-discoveries", "/api/current-rotation"] {
        assert_eq!(app.json(path).await, serde_json::json!({ "items": [], "track_count": 0 }));
    }
    app.put_list(TODAY, "short_term", ["a"]).await;
    for path in ["/api/forgotten-gems", "/api/recent-discoveries", "/api/current-rotation"] {
        let answer = app.json(&format!("{path}?as_of=1900-01-01")).await;
        assert_eq!(answer, serde_json::json!({ "as_of": "1900-01-01", "items": [], "track_count": 0 }));
        app.get(&format!("{path}?time_range=weekly")).await.problem(400, Some("time_range"));
        app.get(&format!("{path}?limit=101")).await.problem(400, Some("limit"));
        app.get(&format!("{path}?as_of=today")).await.problem(400, Some("as_of"));
    }
}
}

on_both_engines! {
async fn the_pages_say_why_each_track_is_there(app: TestApp) {
    app.put_list(&ago(200), "short_term", ["a", "b"]).await;
    app.put_list(&ago(100), "short_term", ["c", "b"]).await;
    app.put_list(TODAY, "short_term", ["z", "b"]).await;

    let gems = app.main_part("/gems").await;
    let discoveries = app.main_part("/gems/discoveries").await;
    let rotation = app.main_part("/gems/rotation").await;

    must_have(&gems, &["Last there in February 2025", "Last there in November 2024", "best 1", "/tracks/a", "/artists/artist-c"]);
    assert_eq!(gems.matches("class=\"tile\"").count(), 2);
    must_have(&discoveries, &["entered at 1", "/tracks/z"]);
    assert_eq!(discoveries.matches("class=\"tile\"").count(), 1);
    must_have(&rotation, &["/tracks/z", "/tracks/b", "/lists/2025-06-01/short_term"]);
    for page in [&gems, &discoveries, &rotation] {
        must_have(page, &["Forgotten gems <small>2</small>", "Recent discoveries <small>1</small>", "Current rotation <small>2</small>"]);
        assert!(!page.contains("Later lists are left out"), "{page}");
    }
}
}

on_both_engines! {
async fn a_page_as_of_an_earlier_day_says_so(app: TestApp) {
    app.put_list(&ago(100), "short_term", ["a"]).await;
    app.put_list(TODAY, "short_term", ["z"]).await;

    let page = app.main_part(&format!("/gems/rotation?as_of={}", ago(50))).await;

    must_have(&page, &["As of <time datetime=\"2025-04-12\">12 Apr 2025</time>. Later lists are left out.", "Latest", "/tracks/a"]);
    // Values that are not valid are ignored.
    let page = app.main_part("/gems/rotation?as_of=tomorrow&time_range=weekly").await;
    must_have(&page, &["/tracks/z"]);
}
}

on_both_engines! {
async fn pages_without_tracks_say_what_they_need(app: TestApp) {
    for path in ["/gems", "/gems/discoveries", "/gems/rotation"] {
        must_have(&app.main_part(path).await, &["Nothing yet: "]);
    }
    app.put_list("2025-05-01", "short_term", ["a"]).await;

    let page = app.main_part("/gems").await;
    must_have(&page, &["Nothing yet: gems need lists at least 90 days old.", "30 Jul 2025"]);
    let page = app.main_part("/gems?as_of=2025-12-24").await;
    must_have(&page, &["Last there in May 2025"]);
    app.put_list("2025-05-02", "short_term", ["a"]).await;
    must_have(&app.main_part("/gems/discoveries").await, &["None: each track of this list was on a list before."]);
}
}
