//! Listings as CSV.

use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use reqwest::Method;
use reqwest::header::HeaderValue;

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

on_both_engines! {
async fn a_list_is_csv_by_parameter_and_by_accept(app: TestApp) {
    let name = r#"Comma, "quote""#;
    app.put_json(LIST, page([payload("a").named(name), payload("b").without("explicit")])).await;

    let by_parameter = app.get(&format!("{LIST}?format=csv")).await;
    let by_accept = app.request(Method::GET, LIST, &[("accept", "text/csv, */*;q=0.1")]).await;

    let header = "rank,track_id,name,artist_name,artist_key,album_name,duration_ms,spotify_url,release_year,explicit,cover_url";
    let lines: Vec<_> = by_parameter.body.lines().collect();
    assert_eq!(lines[0], header);
    assert!(lines[1].starts_with(r#"1,a,"Comma, ""quote""",Artist of a,artist-a,Album of a,215000,"#), "{lines:?}");
    assert!(lines[2].contains(",1999,,https"), "unknown is empty: {lines:?}");
    assert_eq!(by_parameter.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(by_accept.body, by_parameter.body);
    let vary: Vec<_> = by_accept.headers.get_all("vary").iter().collect();
    assert!(vary.contains(&&HeaderValue::from_static("accept")), "{vary:?}");
}
}

on_both_engines! {
async fn json_is_the_answer_unless_csv_is_preferred(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for accept in ["*/*", "application/json", "application/json, text/csv;q=0.9", "text/html", "text/csv;q=0"] {
        let response = app.request(Method::GET, LIST, &[("accept", accept)]).await;

        assert_eq!(response.json()["items"][0]["track_id"], "a", "{accept}");
    }
}
}

on_both_engines! {
async fn a_cell_is_never_a_formula(app: TestApp) {
    app.put_json(LIST, page([payload("a").named("=cmd|' /C calc'!A0")])).await;

    let response = app.get(&format!("{LIST}?format=csv")).await;

    assert!(response.body.contains(",'=cmd|' /C calc'!A0,"), "{}", response.body);
}
}

on_both_engines! {
async fn an_empty_table_has_its_header(app: TestApp) {
    let response = app.get("/api/captures?format=csv").await;

    let header = "snapshot_date,time_range,captured_at,source,outcome,reason,track_count,attempt_count\r\n";
    assert_eq!(response.body, header);
}
}

on_both_engines! {
async fn another_format_is_refused(app: TestApp) {
    app.get("/api/captures?format=xml").await.problem(400, Some("format"));
}
}
