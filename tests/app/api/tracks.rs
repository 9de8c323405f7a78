//! The tracks, one track with its payload, and its history.

use crate::harness::{Engine, TestApp, on_both_engines, payload, texts};
use serde_json::{Value, json};

/// Follows the cursors to the last page; returns the items of each page.
pub async fn pages(app: &TestApp, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.json(&format!("{path}{cursor}")).await;
        pages.push(page["items"].as_array().expect("items").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
        assert!(pages.len() < 100, "the pages of {path} do not end");
    }
}

on_both_engines! {
async fn pages_have_every_track_once_in_the_order_of_code_points(app: TestApp) {
    let long = "ä".repeat(300);
    let names = [
        "zebra", "Zebra", "álbum", "Album", "album", "ALBUM", "海", "Ωmega", "éa", "eb", "", " space", "_", "~",
        "album", "album", "🎵", "\u{ffff}", "a\u{301}", "10", "9", &format!("{long}b"), &format!("{long}a"), &long,
    ];
    let named = |(number, name): (usize, &&str)| payload(&format!("t{number:02}")).named(name);
    app.put_tracks(names.iter().enumerate().map(named)).await;
    let mut expected: Vec<_> = names.iter().enumerate().collect();
    expected.sort_by_key(|(number, name)| (name.to_owned().to_owned(), *number));

    for limit in [1, 5, 23, 24, 100] {
        let pages = pages(&app, &format!("/api/tracks?limit={limit}")).await;

        assert!(pages.iter().rev().skip(1).all(|page| page.len() == limit));
        assert!(pages.last().is_some_and(|last| (1..=limit).contains(&last.len())));
        let seen: Vec<_> = pages.concat().iter().map(|item| item["track_id"].clone()).collect();
        let ids: Vec<_> = expected.iter().map(|(number, _)| json!(format!("t{number:02}"))).collect();
        assert_eq!(seen, ids, "limit {limit}");
    }
}
}

on_both_engines! {
async fn tracks_are_filtered_by_year_and_by_explicit_including_unknown(app: TestApp) {
    app.put_tracks([
        payload("a").with("explicit", true).released("2001-01-01"),
        payload("b").with("explicit", false).released("2001"),
        payload("c").with("explicit", "yes").released("n/a"),
        payload("d").without("explicit").released("2002"),
    ]).await;
    let found = async |query: &str| {
        let page = app.json(&format!("/api/tracks?{query}")).await;
        texts(&page["items"], "track_id").concat()
    };

    assert_eq!(found("explicit=true").await, "a");
    assert_eq!(found("explicit=false").await, "b");
    assert_eq!(found("explicit=unknown").await, "cd");
    assert_eq!(found("release_year=2001").await, "ab");
    assert_eq!(found("release_year=2001&explicit=false&limit=1").await, "b");
    assert_eq!(found("release_year=1999").await, "");
}
}

on_both_engines! {
async fn a_track_has_its_columns_and_its_payload(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    let track = app.json("/api/tracks/a").await;

    let mut expected = json!({
        "track_id": "a", "name": "Name of a", "artist_name": "Artist of a", "artist_key": "artist-a",
        "album_name": "Album of a",
        "duration_ms": 215_000, "spotify_url": "https://open.spotify.com/track/a", "release_year": 1999,
        "explicit": false, "raw_json": payload("a"),
    });
    expected["payload_at"] = track["payload_at"].clone();
    assert_eq!(track, expected);
    assert!(track["payload_at"].as_str().is_some_and(|at| at.starts_with("2026-03-01T00:00:00")));
}
}

on_both_engines! {
async fn unknown_values_of_a_track_are_omitted(app: TestApp) {
    let bare = payload("a").without("album").without("explicit").without("duration_ms").without("external_urls");
    app.put_tracks([bare]).await;

    let page = app.json("/api/tracks").await;

    let expected = json!({
        "track_id": "a", "name": "Name of a", "artist_name": "Artist of a", "artist_key": "artist-a",
    });
    assert_eq!(page, json!({ "items": [expected] }));
}
}

on_both_engines! {
async fn an_unknown_track_is_404(app: TestApp) {
    for path in ["/api/tracks/missing", "/api/tracks/missing/history"] {
        let problem = app.get(path).await.problem(404, None);

        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("missing")));
    }
}
}

on_both_engines! {
async fn a_history_is_ordered_by_range_and_then_by_date(app: TestApp) {
    app.put_list("2026-03-02", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-01", "short_term", ["b", "a"]).await;
    app.put_list("2026-03-01", "medium_term", ["a"]).await;
    app.put_list("2025-01-01", "short_term", ["b"]).await;
    app.put_list("2026-02-01", "long_term", ["b", "c", "a"]).await;

    let history = app.json("/api/tracks/a/history").await;

    assert_eq!(history, json!({ "items": [
        { "time_range": "long_term", "snapshot_date": "2026-02-01", "rank": 3 },
        { "time_range": "medium_term", "snapshot_date": "2026-03-01", "rank": 1 },
        { "time_range": "short_term", "snapshot_date": "2026-03-01", "rank": 2 },
        { "time_range": "short_term", "snapshot_date": "2026-03-02", "rank": 1 },
    ]}));
}
}

on_both_engines! {
async fn a_track_on_no_list_has_an_empty_history(app: TestApp) {
    app.put_tracks([payload("a")]).await;

    assert_eq!(app.json("/api/tracks/a/history").await, json!({ "items": [] }));
}
}
