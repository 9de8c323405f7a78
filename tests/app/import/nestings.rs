//! Track objects are found in every nesting that the provider and its users' tools write.

use crate::harness::payloads::lines;
use crate::harness::{Engine, TestApp, gzip, on_both_engines, page, payload, program};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

fn tracks() -> [Value; 3] {
    ["a", "b", "c"].map(|id| json!(payload(id)))
}

/// Imports the text, as it is and gzipped, and finds the three tracks and nothing else.
async fn holds_three_tracks(app: TestApp, text: impl Into<String>) {
    let text = text.into();
    let again = app.another().await;
    app.write("tracks.json", text.as_str());
    again.write("tracks", gzip(text));

    let account = app.import(["tracks.json"]).await;
    let zipped = again.import(["tracks"]).await;

    assert_eq!((account.read, account.new), (3, 3));
    assert_eq!(zipped, account);
    for track in tracks() {
        let id = track["id"].as_str().expect("an id");
        let kept = app.json(&format!("/api/tracks/{id}")).await;
        assert_eq!(kept["raw_json"], track);
        assert_eq!(
            app.get(&format!("/api/tracks/{id}")).await.body,
            kept.to_string()
        );
    }
    again
        .tables()
        .await
        .must_equal(&app.tables().await, "gzipped");
}

macro_rules! holds_three_tracks {
    ($($name:ident: $text:expr;)+) => { $(
        on_both_engines! {
        async fn $name(app: TestApp) {
            holds_three_tracks(app, $text).await;
        }
        }
    )+ };
}

holds_three_tracks! {
    an_array_of_tracks: json!(tracks()).to_string();
    tracks_one_a_line: lines(tracks());
    tracks_one_a_line_of_windows: lines(tracks()).replace('\n', "\r\n");
    tracks_one_a_line_without_a_last_newline: lines(tracks()).trim_end();
    an_array_of_saved_tracks: json!(tracks().map(|track| json!({ "added_at": "x", "track": track }))).to_string();
    saved_tracks_one_a_line: lines(tracks().map(|track| json!({ "track": track })));
    an_array_of_items: json!(tracks().map(|track| json!({ "item": track }))).to_string();
    entries_with_both_words: {
        let both = |track: Value| json!({ "added_at": "x", "track": track, "item": track });
        json!({ "items": tracks().map(both), "total": 3 }).to_string()
    };
    entries_whose_track_is_a_flag: {
        let flagged = |track: Value| json!({ "track": true, "item": track });
        json!({ "items": tracks().map(flagged) }).to_string()
    };
    a_page: page(["a", "b", "c"].map(payload)).to_string();
    a_page_laid_out_for_people: serde_json::to_string_pretty(&page(["a", "b", "c"].map(payload))).expect("JSON");
    an_array_laid_out_for_people: serde_json::to_string_pretty(&tracks()).expect("JSON");
    tracks_in_an_object: json!({ "tracks": tracks() }).to_string();
    a_playlist: {
        let items = tracks().map(|track| json!({ "is_local": false, "track": track }));
        let about = json!({ "name": "items", "id": "p", "type": "playlist" });
        let tracks = json!({ "href": "x", "items": items, "total": 3 });
        json!({ "description": about, "tracks": tracks, "uri": "x" }).to_string()
    };
    a_playlist_of_today: {
        let items = tracks().map(|track| json!({ "item": track }));
        json!({ "name": "mine", "items": { "href": "x", "items": items, "total": 3 } }).to_string()
    };
    whole_pages_one_a_line: {
        let [a, b, c] = tracks();
        lines([json!({ "items": [a, b], "total": 2 }), json!({ "items": [c] }), json!({ "items": [] })])
    };
    pages_in_an_array: {
        let [a, b, c] = tracks();
        json!([{ "items": [{ "track": a }] }, { "items": [b, c] }]).to_string()
    };
    a_byte_order_mark_before_lines: format!("\u{feff}{}", lines(tracks()));
    a_byte_order_mark_before_an_array: format!("\u{feff}{}", json!(tracks()));
}

on_both_engines! {
async fn a_single_track_object(app: TestApp) {
    app.write("track.json", json!(payload("a")));

    let account = app.import(["track.json"]).await;

    assert_eq!((account.read, account.new), (1, 1));
}
}

on_both_engines! {
async fn standard_input(app: TestApp) {
    let mut import = app.command(&["import", "--json", "-"]);
    import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut import = import.spawn().expect("the program can be started");
    let mut input = import.stdin.take().expect("it is piped");
    input.write_all(lines(tracks()).as_bytes()).await.expect("the program reads");
    drop(input);

    let output = import.wait_with_output().await.expect("it ends");

    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let ended = program::Output { code: output.status.code(), stdout, stderr };
    assert_eq!(ended.code, Some(0));
    assert_eq!(crate::harness::Account::of(&ended).new, 3);
}
}

on_both_engines! {
async fn a_gzip_file_of_several_members(app: TestApp) {
    let parts = tracks().map(|track| gzip(lines([track])));
    app.write("tracks.ndjson.gz", parts.concat());

    let account = app.import(["tracks.ndjson.gz"]).await;

    assert_eq!(account.new, 3);
}
}

on_both_engines! {
async fn a_folder_with_other_files_in_it(app: TestApp) {
    app.write("in/2026/2026-03-01/short_term.json", page([payload("a")]));
    app.write("in/2026/2026-03-01/long_term.json.gz", gzip(page([payload("b")])));
    app.write("in/notes.txt", "not JSON");
    app.write("in/.hidden.json", "not JSON");

    let account = app.import(["in"]).await;

    assert_eq!((account.new, account.lists.captured), (2, 2));
    assert_eq!(app.list("2026-03-01", "long_term").await, ["b"]);
}
}
