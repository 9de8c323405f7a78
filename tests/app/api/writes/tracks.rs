//! PUT of a track: it replaces all columns, and the payload if it is newer and not degraded.

use crate::harness::writes::track_body;
use crate::harness::{Engine, JSON, TestApp, on_both_engines, page, payload};
use reqwest::Method;
use serde_json::{Value, json};

const A: &str = "/api/tracks/a";

fn complete() -> Value {
    json!({
        "name": "Näme", "artist_name": "海", "album_name": "Album", "duration_ms": 1234,
        "spotify_url": "https://open.spotify.com/track/a", "raw_json": payload("a"),
    })
}

on_both_engines! {
async fn a_put_creates_the_track_and_returns_it_as_stored(app: TestApp) {
    let response = app.put_json(A, complete()).await;

    let mut expected = complete();
    expected["track_id"] = "a".into();
    expected["artist_key"] = "artist-a".into();
    expected["release_year"] = 1999.into();
    expected["explicit"] = false.into();
    expected["payload_at"] = response["payload_at"].clone();
    assert!(response["payload_at"].is_string(), "{response}");
    assert_eq!(response, expected);
    assert_eq!(app.json(A).await, response);
}
}

on_both_engines! {
async fn a_second_put_replaces_every_column(app: TestApp) {
    app.put_json(A, complete()).await;

    let response = app.put_json(A, json!({ "name": "", "artist_name": "" })).await;

    assert_eq!((&response["name"], &response["artist_name"]), (&json!(""), &json!("")));
    for member in ["album_name", "duration_ms", "spotify_url"] {
        assert_eq!(response.get(member), None, "{response}");
    }
    assert_eq!(app.json("/api/summary").await["track_count"], 1);
}
}

on_both_engines! {
async fn a_put_without_a_payload_keeps_the_stored_payload(app: TestApp) {
    let before = app.put_json(A, complete()).await;

    for raw_json in [None, Some(Value::Null)] {
        let mut body = complete();
        body["name"] = "New".into();
        match raw_json {
            None => drop(body.as_object_mut().expect("an object").remove("raw_json")),
            Some(null) => body["raw_json"] = null,
        }
        let after = app.put_json(A, body).await;

        assert_eq!(after["name"], "New");
        assert_eq!(after["raw_json"], before["raw_json"]);
        assert_eq!(after["payload_at"], before["payload_at"]);
    }
}
}

on_both_engines! {
async fn a_track_without_a_payload_takes_the_next_one(app: TestApp) {
    let bare = json!({ "name": "Bare", "artist_name": "B", "raw_json": null });
    let without = app.put_json(A, bare).await;

    let with = app.put_json(A, complete()).await;

    let key = "name:B";
    assert_eq!(without, json!({ "track_id": "a", "name": "Bare", "artist_name": "B", "artist_key": key }));
    assert_eq!(with["release_year"], 1999);
}
}

on_both_engines! {
async fn a_degraded_payload_does_not_replace_a_good_one(app: TestApp) {
    let good = app.put_json(A, track_body("Good", payload("a").0)).await;

    let after = app.put_json(A, track_body("Later", payload("a").degraded().0)).await;

    assert_eq!(after["name"], "Later");
    assert_eq!(after["raw_json"], good["raw_json"]);
    assert_eq!(after["payload_at"], good["payload_at"]);
}
}

on_both_engines! {
async fn a_good_payload_replaces_a_degraded_one(app: TestApp) {
    app.put_json(A, track_body("Placeholder", payload("a").degraded().0)).await;

    let after = app.put_json(A, track_body("Good", payload("a").0)).await;

    assert_eq!(after["raw_json"], payload("a").0);
}
}

on_both_engines! {
async fn a_put_payload_is_newer_than_that_of_a_list_of_the_future(app: TestApp) {
    let future = payload("a").named("of the future");
    app.put_json("/api/snapshots/2100-12-31/short_term", page([future.clone()])).await;
    let before = app.json(A).await;

    let after = app.put_json(A, track_body("Put", payload("a").named("of now").0)).await;

    assert_eq!(before["raw_json"], future.0);
    assert_eq!((&after["name"], &after["raw_json"]["name"]), (&json!("Put"), &json!("of now")));
    assert!(after["payload_at"].as_str() > before["payload_at"].as_str(), "{before} {after}");
    assert_eq!(app.list("2100-12-31", "short_term").await, ["a"]);
}
}

on_both_engines! {
async fn a_put_payload_is_newer_than_those_of_past_lists(app: TestApp) {
    app.put_json(A, track_body("Put", payload("a").named("of now").0)).await;

    app.put_list("2026-03-01", "short_term", ["a"]).await;

    let after = app.json(A).await;
    assert_eq!((&after["name"], &after["raw_json"]["name"]), (&json!("Put"), &json!("of now")));
}
}

on_both_engines! {
async fn the_last_of_duplicate_keys_counts(app: TestApp) {
    let body = r#"{"name": 7, "artist_name": "x", "name": "last", "raw_json": 5,
        "raw_json": {"b": 1, "b": {"c": 1, "c": 2}}, "artist_name": "y"}"#;

    let response = app.send(Method::PUT, A, JSON, body).await;

    assert_eq!(response.status, 200, "{}", response.body);
    let mut track = response.json();
    track["payload_at"].take();
    assert_eq!(track, json!({
        "track_id": "a", "name": "last", "artist_name": "y", "artist_key": "name:y",
        "raw_json": { "b": { "c": 2 } }, "payload_at": null,
    }));
}
}

on_both_engines! {
async fn a_payload_may_have_another_id_than_the_track(app: TestApp) {
    let response = app.put_json(A, track_body("Any", json!({ "id": 7, "album": [] }))).await;

    assert_eq!(response["track_id"], "a");
    assert_eq!(response["raw_json"], json!({ "id": 7, "album": [] }));
}
}

on_both_engines! {
async fn an_invalid_member_is_400_with_its_field(app: TestApp) {
    let nested = (0..65).fold(json!(1), |inner, _| json!([inner]));
    let cases = [
        ("name", Value::Null, "name"), ("name", json!(7), "name"), ("name", json!("n".repeat(1025)), "name"),
        ("artist_name", json!([]), "artist_name"), ("artist_name", json!("n".repeat(1025)), "artist_name"),
        ("album_name", json!(true), "album_name"), ("album_name", json!("n".repeat(1025)), "album_name"),
        ("duration_ms", json!(-1), "duration_ms"), ("duration_ms", json!(1.5), "duration_ms"),
        ("duration_ms", json!("1"), "duration_ms"), ("duration_ms", json!(2_147_483_648_u64), "duration_ms"),
        ("spotify_url", json!({}), "spotify_url"), ("spotify_url", json!("u".repeat(2049)), "spotify_url"),
        ("raw_json", json!([]), "raw_json"), ("raw_json", json!("{}"), "raw_json"), ("raw_json", json!(7), "raw_json"),
        ("raw_json", json!({ "a": [{ "b": "\0" }] }), "raw_json.a[0].b"), ("name", json!("a\0"), "name"),
        ("raw_json", json!({ "a": "x".repeat(257 << 10) }), "raw_json"),
        ("track_id", json!("a"), "track_id"), ("a\0b", json!(1), "a\\u0000b"),
    ];
    for (member, value, field) in cases {
        let mut body = complete();
        body[member] = value;
        app.put(A, body).await.problem(400, Some(field));
    }
    for member in ["name", "artist_name"] {
        let mut body = complete();
        body.as_object_mut().expect("an object").remove(member);
        app.put(A, body).await.problem(400, Some(member));
    }
    let deep = app.put(A, track_body("Deep", json!({ "a": nested }))).await;
    assert_eq!(deep.status, 400, "{}", deep.body);
    app.put(&format!("/api/tracks/{}", "a".repeat(65)), complete()).await.problem(400, Some("track_id"));

    assert_eq!(app.json("/api/summary").await["track_count"], 0);
}
}

on_both_engines! {
async fn an_encoded_id_addresses_the_same_track_in_every_request(app: TestApp) {
    for id in ["%20", "a%2Fb", "%3F", "%C3%A9", "%F0%9F%8E%B5", "%25", "..%2F..", "'%3B--", "a+b"] {
        let path = format!("/api/tracks/{id}");
        let put = app.put_json(&path, json!({ "name": id, "artist_name": "x" })).await;

        assert_eq!(app.json(&path).await, put, "{id}");
        assert_eq!(app.delete(&path).await.status, 204, "{id}");
    }
}
}
