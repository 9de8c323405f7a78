//! Artists and tracks: which tracks are whose, and their pages.

use crate::harness::{Engine, Payload, TestApp, must_have, on_both_engines, page, payload, texts};
use serde_json::{Value, json};

fn by(id: &str, artist_id: impl Into<Value>, name: &str) -> Payload {
    payload(id)
        .with("artists/0/id", artist_id)
        .with("artists/0/name", name)
}

on_both_engines! {
async fn a_key_tells_artists_apart(app: TestApp) {
    app.put_tracks([
        by("a", "one", "Nova"), by("b", "one", "Nova (live)"), by("c", Value::Null, "Nova"),
        by("d", "two", "Twins"), by("e", "three", "Twins"), by("f", Value::Null, "Twins"),
        by("g", Value::Null, "AC/DC"), by("h", Value::Null, "name:x"), by("i", "no id, but a text", "Odd"),
    ]).await;

    for (key, expected_key, tracks) in [
        ("one", "one", &["a", "b", "c"][..]),
        // Only one id has the name, so the name leads to it.
        ("name:Nova", "one", &["a", "b", "c"]),
        ("name:Nova (live)", "one", &["a", "b", "c"]),
        // Two have this one.
        ("two", "two", &["d"]),
        ("name:Twins", "name:Twins", &["f"]),
        ("name:AC/DC", "name:AC/DC", &["g"]),
        ("name:name:x", "name:name:x", &["h"]),
        ("name:Odd", "name:Odd", &["i"]),
    ] {
        let segment = percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC);
        let artist = app.json(&format!("/api/artists/{segment}")).await;
        assert_eq!(artist["artist_key"], expected_key, "{key}");
        assert_eq!(texts(&artist["items"], "track_id"), tracks, "{key}");
        let answer = app.get(&format!("/artists/{segment}")).await;
        assert_eq!(answer.status, if key == expected_key { 200 } else { 303 }, "{key}");
    }
    for key in ["nobody", "name:nova", "name:"] {
        assert_eq!(app.get(&format!("/api/artists/{key}")).await.status, 404, "{key}");
        let page = app.get(&format!("/artists/{key}")).await;
        assert_eq!(page.status, 404, "{key}");
        must_have(&page.body, &["No such artist", "href=\"/search\""]);
    }
}
}

on_both_engines! {
async fn an_artist_has_the_best_rank_and_the_days_of_each_track(app: TestApp) {
    let list = |ids: &[&str]| page(ids.iter().map(|id| match *id {
        "x" => payload("x"),
        id => by(id, "one", "Nova"),
    }));
    for (day, range, ids) in [
        ("2026-03-01", "short_term", &["x", "a"][..]), ("2026-03-02", "short_term", &["a", "x", "b"]), ("2026-03-03", "short_term", &["x", "b"]),
        ("2026-03-03", "long_term", &["b"]),
    ] {
        app.put_json(&format!("/api/snapshots/{day}/{range}"), list(ids)).await;
    }
    app.put_tracks([by("never", "one", "Nova")]).await;

    let artist = app.json("/api/artists/one").await;
    let page = app.main_part("/artists/one").await;

    let members = ["time_range", "track_id", "rank", "best_rank", "day_count", "first_seen_date", "last_seen_date"];
    let items = artist["items"].as_array().expect("items").iter();
    let items: Value = items.map(|item| Value::from_iter(members.iter().map(|member| item[member].clone()))).collect();
    assert_eq!(items, json!([
        ["short_term", "a", null, 1, 2, "2026-03-01", "2026-03-02"],
        ["short_term", "b", 2, 2, 2, "2026-03-02", "2026-03-03"],
        ["long_term", "b", 1, 1, 1, "2026-03-03", "2026-03-03"],
        [null, "never", null, null, null, null, null],
    ]));
    assert_eq!(artist["first_seen_date"], "2026-03-01");
    must_have(&page, &["<bdi>Nova</bdi>", "href=\"/tracks/a\"", "href=\"/tracks/b\"", "/api/artists/one?format=csv"]);
}
}

on_both_engines! {
async fn a_track_has_its_debut_its_peak_and_its_stays(app: TestApp) {
    for (day, ids) in [("01", ["x", "a"]), ("02", ["a", "x"]), ("03", ["x", "y"]), ("06", ["a", "y"])] {
        app.put_list(&format!("2026-03-{day}"), "short_term", ids).await;
    }
    app.put_list("2026-03-02", "long_term", ["a"]).await;

    let page = app.main_part("/tracks/a").await;

    must_have(&page, &[
        "<bdi>Name of a</bdi>", "first on <time datetime=\"2026-03-02\">", "on <time datetime=\"2026-03-01\">", "in 2 stays, short term",
        "1 day at the top", "href=\"/artists/artist-a\"", "https://open.spotify.com/track/a", "release_date", "/api/tracks/a/history",
    ]);
}
}

on_both_engines! {
async fn a_track_without_lists_or_payload_has_a_page(app: TestApp) {
    app.put_tracks([payload("a")]).await;
    app.database.execute("INSERT INTO tracks (track_id, name, artist_name) VALUES ('x', '', 'Nobody')").await;

    must_have(&app.main_part("/tracks/a").await, &["Never on a list that was kept."]);
    must_have(&app.main_part("/tracks/x").await, &["Untitled", "href=\"/artists/name:Nobody\""]);
    let missing = app.get("/tracks/none").await;
    assert_eq!(missing.status, 404);
    must_have(&missing.body, &["No such track", "<bdi>none</bdi>", "href=\"/search\""]);
}
}

on_both_engines! {
async fn links_of_payloads_are_followed_only_to_web_pages(app: TestApp) {
    app.put_tracks([payload("a").with("external_urls/spotify", "javascript:alert(1)").with("album/images", json!([{ "url": "data:image/png;base64,x" }]))]).await;

    let page = app.main_part("/tracks/a").await;

    assert!(!page.contains("href=\"javascript:"), "{page}");
    assert!(!page.contains("src=\"data:"), "{page}");
}
}
