//! The calendar of days, the ledger below it, and the list on any day.

use crate::harness::{Engine, TestApp, must_have, on_both_engines};
use serde_json::Value;

/// Days in every state; 2025-12-09 was deleted.
async fn put_every_state(app: &TestApp) {
    for (day, ids) in [
        ("02", ["a", "b"]),
        ("03", ["a", "b"]),
        ("04", ["b", "a"]),
        ("09", ["a", "b"]),
        ("10", ["b", "c"]),
    ] {
        app.put_list(&format!("2025-12-{day}"), "short_term", ids)
            .await;
    }
    app.delete("/api/snapshots/2025-12-09/short_term").await;
    let attempt = |day: &str, hour: u32, outcome: &str, reason: &str| {
        format!(
        "INSERT INTO captures (snapshot_date, time_range, captured_at, source, outcome, reason, track_count)
         VALUES ('2025-12-{day}', 'short_term', '2025-12-{day} {hour:02}:00:00+00:00', 'spotify', '{outcome}', {reason}, 0);"
    )
    };
    app.database
        .execute(
            &[
                attempt("05", 6, "failed", "'Spotify answered 503 <three> times'"),
                attempt("06", 6, "failed", "'Spotify answered 503'"),
                attempt("06", 7, "empty", "NULL"),
                attempt("10", 7, "degraded", "NULL").replace("2025-12-10 07", "2099-01-01 07"),
            ]
            .concat(),
        )
        .await;
}

async fn states(app: &TestApp, query: &str) -> Vec<String> {
    let calendar = app.json(&format!("/api/calendar?{query}")).await;
    let state = |day: &Value| {
        format!(
            "{} {}",
            &day["snapshot_date"].as_str().expect("a day")[8..],
            day["state"].as_str().expect("a state")
        )
    };
    calendar["items"]
        .as_array()
        .expect("days")
        .iter()
        .map(state)
        .collect()
}

on_both_engines! {
async fn each_day_has_one_of_seven_states(app: TestApp) {
    put_every_state(&app).await;

    let december = states(&app, "from=2025-12-01&to=2025-12-11").await;

    assert_eq!(december, [
        "01 none", "02 kept", "03 same", "04 kept", "05 failed", "06 empty", "07 missed", "08 missed", "09 none", "10 degraded",
        "11 missed",
    ]);
    // Another range has no list, so nothing was missed.
    assert_eq!(states(&app, "time_range=long_term&from=2025-12-02&to=2025-12-03").await, ["02 none", "03 none"]);
    assert_eq!(states(&app, "from=2099-01-01&to=2099-01-02").await, ["01 none", "02 none"]);
}
}

on_both_engines! {
async fn a_calendar_has_182_days_unless_asked_and_at_most_400(app: TestApp) {
    assert_eq!(states(&app, "to=2026-03-11").await.len(), 182);
    assert_eq!(states(&app, "from=2025-02-05&to=2026-03-11").await.len(), 400);
    app.get("/api/calendar?from=2025-02-04&to=2026-03-11").await.problem(400, Some("from"));
    app.get("/api/calendar?from=2026-03-12&to=2026-03-11").await.problem(400, Some("from"));
}
}

on_both_engines! {
async fn the_index_has_the_calendar_of_a_year_and_what_went_wrong(app: TestApp) {
    put_every_state(&app).await;
    app.put_list("2024-12-31", "long_term", ["a"]).await;

    let this_year = app.main_part("/lists?year=2025").await;
    let last_year = app.main_part("/lists?year=2024").await;
    let all = app.main_part("/lists?year=2025&attempts=all").await;

    must_have(&this_year, &[
        "href=\"/lists/2025-12-02/short_term\"", "Spotify answered 503 &lt;three&gt; times", "missed", "Spotify sent an empty list",
        "/api/calendar",
    ]);
    assert!(!this_year.contains("a new list was kept"), "{this_year}");
    must_have(&all, &["a new list was kept"]);
    must_have(&last_year, &["1 of 1 day kept", "href=\"/lists/2024-12-31/long_term\""]);
    // A year without lists leads to the newest.
    assert_eq!(app.main_part("/lists?year=1999").await, app.main_part("/lists").await);
}
}

on_both_engines! {
async fn the_date_field_leads_to_the_list_of_the_day(app: TestApp) {
    app.put_list("2026-03-02", "long_term", ["a"]).await;

    for (query, expected) in [
        ("date=2026-03-02", "/lists/2026-03-02/long_term"),
        ("date=2026-03-02&time_range=short_term", "/lists/2026-03-02/short_term"),
        ("date=2026-03-03", "/lists/2026-03-03/short_term"),
    ] {
        let response = app.get(&format!("/lists?{query}")).await;
        assert_eq!((response.status, response.header("location")), (303, expected), "{query}");
    }
    must_have(&app.main_part("/lists?date=2026-02-30").await, &["This is no day to choose"]);
}
}

on_both_engines! {
async fn a_list_has_its_neighbours_its_movement_and_what_left(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b", "c"]).await;
    app.put_list("2026-03-04", "short_term", ["b", "d", "a"]).await;
    app.put_list("2026-03-05", "short_term", ["b"]).await;

    let page = app.get("/lists/2026-03-04/short_term").await.body;

    must_have(&page, &[
        "<link rel=\"prev\" href=\"/lists/2026-03-01/short_term\">", "<link rel=\"next\" href=\"/lists/2026-03-05/short_term\">",
        "Left the list", "href=\"/tracks/c\"", "last rank ", "/changes/short_term/2026-03-01/2026-03-04",
        "/api/snapshots/2026-03-04/short_term?format=csv", "<span class=\"visually-hidden\">up </span>", "<span class=\"visually-hidden\">down </span>",
    ]);
    assert_eq!(page.matches("<h1").count(), 1);
    let first = app.main_part("/lists/2026-03-01/short_term").await;
    assert!(!first.contains("Left the list"), "{first}");
}
}

on_both_engines! {
async fn a_tied_tail_is_one_band_that_says_why(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["z", "y", "a", "b", "c", "d", "e", "f"]).await;
    app.put_list("2026-03-02", "short_term", ["z", "y", "a", "b", "c", "d", "e", "g"]).await;

    let list = app.json("/api/snapshots/2026-03-02/short_term").await;
    let page = app.main_part("/lists/2026-03-02/short_term").await;

    assert_eq!(list["tied_from"], 3);
    assert_eq!(page.matches("stand in the order of their ids").count(), 1, "{page}");
}
}

on_both_engines! {
async fn a_day_without_a_list_says_why_and_leads_on(app: TestApp) {
    put_every_state(&app).await;
    app.put_list("2025-12-05", "long_term", ["a"]).await;

    for (day, range, expected) in [
        ("2025-12-05", "short_term", &["Spotify answered 503 &lt;three&gt; times", "one day before", "5 days after", "/lists/2025-12-04/short_term", "/lists/2025-12-05/long_term"][..]),
        ("2025-12-07", "short_term", &["nothing was tried", "The nearest are 3 days before and 3 days after"]),
        ("2025-12-01", "short_term", &["it is before the first list", "one day after"]),
        ("2025-12-09", "short_term", &["the list was deleted"]),
        ("2025-12-09", "medium_term", &["no list of this range is kept yet"]),
        ("2099-01-01", "short_term", &["the day is still ahead"]),
    ] {
        let page = app.get(&format!("/lists/{day}/{range}")).await;
        assert_eq!(page.status, 404, "{day} {range}");
        must_have(&page.body, expected);
    }
    for path in ["/lists/2026-02-30/short_term", "/lists/2025-12-01/weekly", "/lists/today/short_term"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
}
}

on_both_engines! {
async fn the_ledger_is_read_page_by_page(app: TestApp) {
    app.put_list("2025-01-01", "short_term", ["a"]).await;
    app.put_list("2025-12-31", "short_term", ["a"]).await;

    let (mut days, mut address) = (Vec::new(), String::from("/lists?year=2025"));
    loop {
        let page = app.get(&address).await.body;
        let rows = page.split("<th scope=\"row\">").skip(1);
        days.extend(rows.map(|row| row.split('"').nth(1).expect("a day").to_owned()));
        let Some((_, next)) = page.split_once("<link rel=\"next\" href=\"") else { break };
        let (next, _) = next.split_once('"').expect("the end of the address");
        address = next.replace("&amp;", "&");
    }

    assert_eq!(days.len(), 363, "{days:?}");
    assert!(days.is_sorted_by(|day, next| day > next));
}
}
