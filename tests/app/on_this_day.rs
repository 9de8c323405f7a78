//! The lists of the same day in earlier years.

use crate::harness::{Engine, TestApp, on_both_engines, texts};
use serde_json::{Value, json};

/// As in `1: 2024-05-01 for 2024-05-01`.
fn years(answer: &Value) -> Vec<String> {
    let years = answer["items"].as_array().expect("years").iter();
    let year = |year: &Value| {
        let text = |member: &str| year[member].as_str().unwrap_or_default().to_owned();
        format!(
            "{}: {} for {}",
            year["years_ago"],
            text("snapshot_date"),
            text("asked_date")
        )
    };
    years.map(year).collect()
}

on_both_engines! {
async fn each_earlier_year_has_its_top_with_the_present_ranks(app: TestApp) {
    app.put_list("2022-05-01", "short_term", ["a", "b"]).await;
    app.put_list("2024-05-01", "short_term", ["d", "c", "b", "a"]).await;
    app.put_list("2025-05-01", "short_term", ["x", "b", "c"]).await;
    app.put_list("2025-05-01", "long_term", ["d"]).await;

    let answer = app.json("/api/on-this-day").await;

    assert_eq!(answer["date"], "2025-05-01");
    // No list of 2023, so that year is left out.
    assert_eq!(years(&answer), ["1: 2024-05-01 for 2024-05-01", "3: 2022-05-01 for 2022-05-01"]);
    let top = &answer["items"][0]["items"];
    assert_eq!(texts(top, "track_id"), ["d", "c", "b"]);
    let ranks: Vec<_> = (0..3).map(|place| (top[place]["rank"].clone(), top[place].get("current_rank").cloned())).collect();
    assert_eq!(ranks, [(1.into(), None), (2.into(), Some(3.into())), (3.into(), Some(2.into()))]);
    assert_eq!(texts(&answer["items"][1]["items"], "track_id"), ["a", "b"]);
    let top = app.json("/api/on-this-day?limit=4").await;
    assert_eq!(texts(&top["items"][0]["items"], "track_id"), ["d", "c", "b", "a"]);
    let other = app.json("/api/on-this-day?time_range=long_term").await;
    assert_eq!(other, json!({ "date": "2025-05-01", "items": [] }));
}
}

on_both_engines! {
async fn a_missing_day_is_replaced_by_the_nearest_at_most_three_days_off(app: TestApp) {
    for day in ["2020-05-06", "2021-05-14", "2022-05-13", "2023-05-07", "2024-05-08", "2024-05-12"] {
        app.put_list(day, "short_term", ["a"]).await;
    }
    app.put_list("2025-05-10", "short_term", ["a"]).await;

    let answer = app.json("/api/on-this-day").await;

    // Of two days equally near the earlier one.
    assert_eq!(years(&answer), [
        "1: 2024-05-08 for 2024-05-10", "2: 2023-05-07 for 2023-05-10", "3: 2022-05-13 for 2022-05-10",
    ]);
}
}

on_both_engines! {
async fn the_29th_of_february_asks_for_the_28th(app: TestApp) {
    for day in ["2020-02-29", "2023-02-28", "2023-03-01"] {
        app.put_list(day, "short_term", ["a"]).await;
    }

    let answer = app.json("/api/on-this-day?date=2024-02-29").await;

    assert_eq!(answer["date"], "2024-02-29");
    assert_eq!(years(&answer), ["1: 2023-02-28 for 2023-02-28", "4: 2020-02-29 for 2020-02-29"]);
}
}

on_both_engines! {
async fn a_library_without_lists_has_no_earlier_years(app: TestApp) {
    assert_eq!(app.json("/api/on-this-day").await, json!({ "items": [] }));
    app.put_list("2025-05-01", "short_term", ["a"]).await;

    assert_eq!(app.json("/api/on-this-day?date=1900-01-01").await, json!({ "date": "1900-01-01", "items": [] }));
    // A day of the future, too.
    let later = app.json("/api/on-this-day?date=2100-05-01").await;
    assert_eq!(years(&later), ["75: 2025-05-01 for 2025-05-01"]);
    app.get("/api/on-this-day?limit=0").await.problem(400, Some("limit"));
    app.get("/api/on-this-day?date=today").await.problem(400, Some("date"));
}
}

on_both_engines! {
async fn the_rows_of_all_years_are_one_table(app: TestApp) {
    app.put_list("2023-05-01", "short_term", ["a"]).await;
    app.put_list("2024-05-01", "short_term", ["b", "a"]).await;
    app.put_list("2025-05-01", "short_term", ["a"]).await;

    let table = app.get("/api/on-this-day?format=csv").await;

    let rows: Vec<String> = table.body.lines().map(|row| row.split(',').take(5).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(rows, [
        "years_ago,asked_date,snapshot_date,rank,track_id",
        "1,2024-05-01,2024-05-01,1,b", "1,2024-05-01,2024-05-01,2,a", "2,2023-05-01,2023-05-01,1,a",
    ]);
}
}

on_both_engines! {
async fn the_dashboard_shows_the_earlier_years_if_there_are_any(app: TestApp) {
    app.put_list("2025-05-01", "short_term", ["a", "b"]).await;
    let page = app.get("/dashboard").await;
    assert!(!page.body.contains("On this day"), "{}", page.body);
    app.put_list("2024-04-30", "short_term", ["b", "c"]).await;

    let page = app.get("/dashboard").await;

    for text in [
        "On this day", "1 year ago", "No list was kept on <time datetime=\"2024-05-01\">1 May 2024</time>. This is the day before.",
        "href=\"/lists/2024-04-30/short_term\"", "now 2", "gone",
    ] {
        assert!(page.body.contains(text), "{text:?} is not in {}", page.body);
    }
}
}
