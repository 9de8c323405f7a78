//! Search: which names are found, in which order, and that nothing else waits for it.

use crate::harness::{Engine, Payload, TestApp, must_have, on_both_engines, page, payload, texts};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use std::time::Duration;

fn by(id: &str, track: &str, artist: &str, album: &str) -> Payload {
    payload(id)
        .named(track)
        .with("artists/0/name", artist)
        .with(
            "artists/0/id",
            format!("id-{artist}").replace(|c: char| !c.is_ascii_alphanumeric(), ""),
        )
        .with("album/name", album)
}

impl TestApp {
    async fn find(&self, text: &str) -> Value {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        self.json(&format!(
            "/api/search?{}",
            query.append_pair("q", text).finish()
        ))
        .await
    }
}

fn names(found: &Value) -> Value {
    let of = |kind: &str, member: &str| texts(&found[kind], member);
    json!([
        of("tracks", "name"),
        of("artists", "artist_name"),
        of("albums", "album_name")
    ])
}

on_both_engines! {
async fn names_in_every_script_are_found(app: TestApp) {
    app.put_tracks([
        by("a", "Baba O'Riley", "The Who", "Who's Next"),
        by("b", "Halo", "Beyoncé", "I Am… Sasha Fierce"),
        by("c", "Jóga", "Björk", "Homogenic"),
        by("d", "青い海", "終電ラジオ", "夜明け"),
        by("e", "قمر الليل", "فرقة النهر", "ضوء"),
        by("f", "ירח מן הים", "להקה", "לילה"),
        by("g", "สายฝนริมคลอง", "วงดนตรี", "คืน"),
        by("h", "Foxy 🦊", "It", "The"),
        by("i", "Thunderstruck", "AC/DC", "The Razors Edge"),
        by("j", "한국 노래", "name:x", "+"),
    ]).await;

    for (text, expected) in [
        ("The Who", json!([[], ["The Who"], []])),
        ("Beyonce", json!([[], ["Beyoncé"], []])),
        ("BJORK", json!([[], ["Björk"], []])),
        ("joga", json!([["Jóga"], [], []])),
        ("海", json!([["青い海"], [], []])),
        ("ﾗｼﾞｵ", json!([[], ["終電ラジオ"], []])),
        ("القمر", json!([[], [], []])),
        ("قمر", json!([["قمر الليل"], [], []])),
        ("ירח", json!([["ירח מן הים"], [], []])),
        ("ริม", json!([["สายฝนริมคลอง"], [], []])),
        ("노", json!([["한국 노래"], [], []])),
        ("🦊", json!([["Foxy 🦊"], [], []])),
        ("it", json!([[], ["It"], []])),
        ("the", json!([[], ["The Who"], ["The", "The Razors Edge"]])),
        ("ac dc", json!([[], ["AC/DC"], []])),
        ("AC/DC", json!([[], ["AC/DC"], []])),
        ("name:x", json!([[], ["name:x"], []])),
        ("…", json!([[], [], ["I Am… Sasha Fierce"]])),
        ("%", json!([[], [], []])),
        ("_", json!([[], [], []])),
    ] {
        assert_eq!(names(&app.find(text).await), expected, "{text}");
    }
}
}

on_both_engines! {
async fn the_best_come_first(app: TestApp) {
    let tracks = [
        ("inner", "Overseas"), ("word", "Deep Sea"), ("beginning", "Seaside"), ("whole", "SEA"), ("also-whole", "sea"),
        ("listed", "Seagull"), ("more", "Sea Air"), ("b", "Seal"), ("a", "Seal"),
    ];
    app.put_tracks(tracks.map(|(id, name)| payload(id).named(name))).await;
    let (listed, more) = (payload("listed").named("Seagull"), payload("more").named("Sea Air"));
    for (list, tracks) in [
        ("2026-03-01/short_term", vec![&more, &listed]), ("2026-03-01/long_term", vec![&listed]), ("2026-03-02/long_term", vec![&more]),
    ] {
        app.put_json(&format!("/api/snapshots/{list}"), page(tracks.into_iter().cloned())).await;
    }

    let found = app.find("sea").await;

    // Whole names by code point; then beginnings: most days on a list of any range, then by name and id.
    assert_eq!(texts(&found["tracks"], "track_id"), ["whole", "also-whole", "more", "listed", "a", "b", "beginning", "word", "inner"]);
    let more = &found["tracks"][2];
    assert_eq!((&more["best_rank"], &more["day_count"]), (&json!(1), &json!(2)));
    assert_eq!(found["tracks"][4].get("best_rank"), None);
    let limited = app.json("/api/search?q=sea&limit=3").await;
    assert_eq!(texts(&limited["tracks"], "track_id"), ["whole", "also-whole", "more"]);
}
}

on_both_engines! {
async fn artists_and_albums_gather_their_tracks(app: TestApp) {
    app.put_tracks([
        by("a", "One", "Aurora", "Lights"), by("b", "Two", "Aurora", "Lights"),
        by("c", "Three", "Aurora", "Other"), by("d", "Four", "Else", "Lights"),
    ]).await;
    app.write("2026-03-01/short_term.json", page([
        by("d", "Four", "Else", "Lights"), by("b", "Two", "Aurora", "Lights"),
    ]));
    app.import(["2026-03-01"]).await;

    let artists = app.find("aurora").await["artists"].take();
    let albums = app.find("lights").await["albums"].take();

    let artist = &artists[0];
    assert_eq!((&artist["artist_key"], &artist["track_count"], &artist["best_rank"]), (&json!("idAurora"), &json!(3), &json!(2)));
    assert_eq!(texts(&albums, "artist_name"), ["Aurora", "Else"]);
    assert_eq!((&albums[0]["track_id"], &albums[0]["track_count"]), (&json!("b"), &json!(2)));
}
}

on_both_engines! {
async fn rows_that_were_written_and_changed_by_sql_are_found_as_they_are(app: TestApp) {
    app.put_tracks([payload("a").named("Before")]).await;
    app.database.execute(
        "INSERT INTO tracks (track_id, name, artist_name) VALUES ('x', 'Élan Vital', 'Nobody');
         UPDATE tracks SET name = 'After' WHERE track_id = 'a'",
    ).await;

    assert_eq!(names(&app.find("before").await)[0], json!([]));
    assert_eq!(names(&app.find("after").await)[0], json!(["After"]));
    assert_eq!(names(&app.find("elan").await)[0], json!(["Élan Vital"]));
    assert_eq!(names(&app.find("nobody").await)[1], json!(["Nobody"]));
}
}

on_both_engines! {
async fn other_pages_do_not_wait_for_searches(app: TestApp) {
    app.put_tracks((0..3000).map(|number| payload(&format!("t{number}")).named(&format!("Song {number}")))).await;
    let searches = (0..30).map(|number| {
        let client = app.client.clone();
        tokio::spawn(async move { client.get(&format!("/api/search?q=song+{number}")).await.status })
    });
    let searches: Vec<_> = searches.collect();

    let other = tokio::time::timeout(Duration::from_secs(2), app.get("/api/summary")).await;

    assert_eq!(other.expect("the searches leave connections to others").status, 200);
    for search in searches {
        assert_eq!(search.await.expect("no panic"), 200);
    }
}
}

on_both_engines! {
async fn the_page_shows_what_was_found_and_says_what_to_do_if_nothing_was(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;

    let found = app.main_part("/search?q=name+of").await;
    must_have(&found, &["“<bdi>name of</bdi>”", "2 tracks, 0 artists, 0 albums", "best 2", "href=\"/tracks/b\"", "/api/search?q=name+of"]);
    let nothing = app.main_part("/search?q=%3Cb%3E").await;
    must_have(&nothing, &["Nothing for “<bdi>&lt;b&gt;</bdi>”", "Try fewer letters", "Searched are the names of 2 tracks"]);
    must_have(&app.main_part("/search").await, &["Type a word"]);
    app.get(&format!("/api/search?q={}", "a".repeat(201))).await.problem(400, Some("q"));
}
}

#[tokio::test]
async fn names_are_read_without_the_payloads_between_them() {
    let app = TestApp::start(Engine::Sqlite).await;
    let db = app.database.connect().await;
    let select = "EXPLAIN QUERY PLAN SELECT track_id, name, artist_name, album_name FROM tracks";

    let plan = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, select))
        .await
        .expect("a plan");

    let step: String = plan[0].try_get("", "detail").expect("a text");
    assert_eq!(step, "SCAN tracks USING COVERING INDEX tracks_names_idx");
}
