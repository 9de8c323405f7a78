//! The index of lists, and one list.

use super::tracks::pages;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use serde_json::{Value, json};

async fn import_lists(app: &TestApp) {
    for (day, range) in [
        (1, "short_term"),
        (1, "long_term"),
        (1, "medium_term"),
        (2, "short_term"),
        (3, "long_term"),
    ] {
        app.write(
            &format!("in/2026-03-{day:02}/{range}.json"),
            page(["a", "b"].map(payload)),
        );
    }
    app.import(["in"]).await;
}

fn name(list: &Value) -> String {
    let text = |member: &str| list[member].as_str().expect("a text").to_owned();
    format!("{} {}", text("snapshot_date"), text("time_range"))
}

on_both_engines! {
async fn the_index_has_the_newest_lists_first_on_all_pages(app: TestApp) {
    import_lists(&app).await;

    for limit in [1, 2, 5] {
        let lists = pages(&app, &format!("/api/snapshots?limit={limit}")).await.concat();

        assert_eq!(lists.iter().map(name).collect::<Vec<_>>(), [
            "2026-03-03 long_term", "2026-03-02 short_term", "2026-03-01 short_term",
            "2026-03-01 medium_term", "2026-03-01 long_term",
        ]);
        assert!(lists.iter().all(|list| list["track_count"] == 2));
    }
}
}

on_both_engines! {
async fn the_index_is_filtered_by_range_and_days(app: TestApp) {
    import_lists(&app).await;
    let named = async |query: &str| {
        let lists = pages(&app, &format!("/api/snapshots?limit=1&{query}")).await.concat();
        lists.iter().map(name).collect::<Vec<_>>()
    };

    assert_eq!(named("time_range=long_term").await, ["2026-03-03 long_term", "2026-03-01 long_term"]);
    assert_eq!(named("from=2026-03-02&to=2026-03-02").await, ["2026-03-02 short_term"]);
    assert_eq!(named("to=2026-03-01&time_range=short_term").await, ["2026-03-01 short_term"]);
}
}

on_both_engines! {
async fn a_list_has_all_its_tracks_by_rank(app: TestApp) {
    let ids: Vec<_> = (0..130).map(|number| format!("t{:03}", number * 7 % 130)).collect();
    app.write("2026-03-01.long_term.json", page(ids.iter().map(|id| payload(id))));
    app.import(["2026-03-01.long_term.json"]).await;

    let list = app.json("/api/snapshots/2026-03-01/long_term").await;

    assert_eq!(app.list("2026-03-01", "long_term").await, ids);
    assert_eq!(list["items"][1], json!({
        "rank": 2, "track_id": "t007", "name": "Name of t007", "artist_name": "Artist of t007",
        "artist_key": "artist-t007",
        "album_name": "Album of t007", "duration_ms": 215_000,
        "spotify_url": "https://open.spotify.com/track/t007",
        "release_year": 1999, "explicit": false, "cover_url": "https://i.scdn.co/image/300t007",
    }));
}
}

on_both_engines! {
async fn a_missing_list_is_404(app: TestApp) {
    import_lists(&app).await;

    let problem = app.get("/api/snapshots/2026-03-02/long_term").await.problem(404, None);

    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("2026-03-02")));
}
}

on_both_engines! {
async fn an_invalid_day_or_range_is_400_with_its_field(app: TestApp) {
    for day in ["2026-02-30", "yesterday", "1899-12-31", "2101-01-01", "2026-3-1", "+2026-03-01"] {
        let response = app.get(&format!("/api/snapshots/{day}/long_term")).await;
        response.problem(400, Some("snapshot_date"));
    }
    app.get("/api/snapshots/2026-03-01/weekly").await.problem(400, Some("time_range"));
    app.get("/api/snapshots?from=x").await.problem(400, Some("from"));
    app.get("/api/snapshots?to=2026-13-01").await.problem(400, Some("to"));
    app.get("/api/snapshots?time_range=x").await.problem(400, Some("time_range"));
    app.get("/api/snapshots?cursor=x").await.problem(400, Some("cursor"));
}
}

on_both_engines! {
async fn a_cover_that_is_not_a_text_is_null(app: TestApp) {
    let with_cover = |id: &str, url: Value| payload(id).with("album/images", json!([{}, { "url": url }]));
    let items = [
        with_cover("a", 5.into()),
        with_cover("b", true.into()),
        with_cover("c", json!({ "b": 1, "a": 2 })),
        with_cover("d", "https://i.scdn.co/image/d".into()),
        payload("e").with("album/images", json!({ "1": { "url": "x" } })),
    ];
    app.write("2026-03-01/short_term.json", page(items));
    app.import(["2026-03-01/short_term.json"]).await;

    let list = app.json("/api/snapshots/2026-03-01/short_term").await;

    let covers: Vec<_> = list["items"].as_array().expect("items").iter().map(|item| &item["cover_url"]).collect();
    assert_eq!(json!(covers), json!([null, null, null, "https://i.scdn.co/image/d", null]));
    assert_eq!(app.get("/dashboard").await.status, 200);
}
}

on_both_engines! {
async fn the_dashboard_shows_the_first_10_tracks_and_leads_to_the_whole_list(app: TestApp) {
    let ids: Vec<String> = (0..130).map(|number| format!("t{number:03}")).collect();
    let list = |ids: &[String]| page(ids.iter().map(|id| payload(id)));
    app.write("2026-03-01/short_term.json", list(&ids[..65]));
    app.write("2026-03-02/short_term.json", list(&ids));
    app.import(["2026-03-01", "2026-03-02"]).await;

    let dashboard = app.get("/dashboard").await.body;

    assert_eq!(dashboard.matches("class=\"ranked-track\"").count(), 10);
    for text in ["All 130 tracks", "href=\"/lists/2026-03-02/short_term\"", "65 of 130"] {
        assert!(dashboard.contains(text), "{text}");
    }
}
}
