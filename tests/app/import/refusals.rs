//! A refused object is reported with its position and reason, and the others are imported.

use crate::harness::payloads::lines;
use crate::harness::{Engine, TestApp, gzip, on_both_engines, page, payload};
use serde_json::json;

on_both_engines! {
async fn a_broken_line_is_refused_and_the_rest_is_read(app: TestApp) {
    let broken = r#"{"id": "b", "name": "#;
    let (first, last) = (payload("a").text(), payload("c").text());
    app.write("tracks.ndjson", format!("{first}\n{broken}\n\n{last}\n"));

    let (account, refused) = app.import_with_report("tracks.ndjson").await;

    assert_eq!((account.read, account.new, account.refused), (3, 2, 1));
    assert_eq!(refused[0].position, "line 2");
    assert!(refused[0].reason.starts_with("not JSON"), "{}", refused[0].reason);
    app.json("/api/tracks/c").await;
}
}

on_both_engines! {
async fn a_broken_first_line_is_refused_and_the_rest_is_read(app: TestApp) {
    let last = payload("c").text();
    app.write("tracks.ndjson", format!("{{\"id\": \n{last}\n{last}\n"));

    let (account, refused) = app.import_with_report("tracks.ndjson").await;

    assert_eq!((account.read, account.new, account.duplicate, account.refused), (3, 1, 1, 1));
    assert_eq!(refused[0].position, "line 1");
}
}

on_both_engines! {
async fn a_truncated_gzip_file_ends_with_exit_1_and_keeps_what_came_before(app: TestApp) {
    let many = (0..2000).map(|number| json!(payload(&format!("t{number}"))));
    let whole = gzip(lines(many));
    app.write("tracks.ndjson.gz", whole[..whole.len() / 2].to_vec());
    app.write("fine.json", json!([payload("a")]));

    let ended = app.try_import(&["tracks.ndjson.gz", "fine.json"]).await;

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("tracks.ndjson.gz"), "{}", ended.stderr);
    app.json("/api/tracks/a").await;
    assert!(app.json("/api/summary").await["track_count"].as_u64() > Some(100));
}
}

on_both_engines! {
async fn a_list_in_a_truncated_file_is_not_kept_by_half(app: TestApp) {
    let whole = page((0..50).map(|number| payload(&format!("t{number}")))).to_string();
    app.import_list("2026-03-01", "short_term", ["a"]).await;
    app.write("2026-03-01T200000Z.short_term.json", &whole[..whole.len() / 2]);

    let ended = app.try_import(&["2026-03-01T200000Z.short_term.json"]).await;

    assert_eq!(ended.code, Some(1));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a"]);
}
}

on_both_engines! {
async fn a_file_that_is_no_json_ends_with_exit_1(app: TestApp) {
    app.write("cover.json", "\u{89}PNG, say");

    let ended = app.try_import(&["cover.json"]).await;

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("cover.json"), "{}", ended.stderr);
}
}

on_both_engines! {
async fn local_files_and_episodes_are_refused_with_their_reason(app: TestApp) {
    let local = payload("l").with("is_local", true).with("id", serde_json::Value::Null);
    let episode = payload("e").with("type", "episode");
    let entries = [payload("a"), local, episode].map(|track| json!({ "track": track }));
    app.write("playlist.json", json!({ "items": entries }));

    let (account, refused) = app.import_with_report("playlist.json").await;

    assert_eq!((account.new, account.refused), (1, 2));
    assert!(refused[0].position.starts_with("items[1].track"), "{:?}", refused[0]);
    assert!(refused[0].reason.contains("local file"), "{:?}", refused[0]);
    assert_eq!(refused[1].position, "items[2].track.type");
    assert!(refused[1].reason.contains("episode"), "{:?}", refused[1]);
}
}

on_both_engines! {
async fn a_playlist_entry_whose_track_is_gone_is_refused_and_counted(app: TestApp) {
    let entries = json!([{ "track": null }, { "track": payload("a") }]);
    app.write("playlist.json", json!({ "items": entries }));

    let (account, refused) = app.import_with_report("playlist.json").await;

    assert_eq!((account.read, account.new, account.refused), (2, 1, 1));
    assert_eq!(refused[0].position, "items[0].track");
}
}

on_both_engines! {
async fn an_empty_name_is_kept(app: TestApp) {
    app.write("tracks.json", json!([payload("a").named("")]));

    let account = app.import(["tracks.json"]).await;

    assert_eq!(account.new, 1);
    assert_eq!(app.json("/api/tracks/a").await["name"], "");
}
}

on_both_engines! {
async fn a_list_with_u_0000_in_a_key_is_refused_and_the_rest_is_read(app: TestApp) {
    let bad = payload("a").with("a\0b", "x").with("c", json!({ "\0": "y" }));
    app.write("2026-03-01/short_term.json", page([bad]));
    app.write("2026-03-02/short_term.json", page([payload("b")]));

    let account = app.import(["2026-03-01", "2026-03-02"]).await;

    assert_eq!((account.refused, account.new), (1, 1));
}
}

on_both_engines! {
async fn a_single_object_that_is_too_large_is_refused(app: TestApp) {
    app.write("large.json", payload("a").with("blob", "x".repeat(600 * 1024)).0);

    let (account, refused) = app.import_with_report("large.json").await;

    assert_eq!((account.read, account.refused), (1, 1));
    assert!(refused[0].reason.contains("256 KiB"), "{}", refused[0].reason);
}
}

on_both_engines! {
async fn pages_nested_without_end_are_refused(app: TestApp) {
    let deep = format!("{}1{}", r#"{"items":["#.repeat(20_000), "]}".repeat(20_000));
    let fine = payload("a").text();
    app.write("pages.ndjson", format!("{deep}\n{fine}\n"));

    let account = app.import(["pages.ndjson"]).await;

    assert_eq!((account.read, account.new, account.refused), (2, 1, 1));
}
}

on_both_engines! {
async fn a_link_that_leads_nowhere_is_named_and_the_rest_is_read(app: TestApp) {
    app.write("folder/fine.json", json!([payload("a")]));
    let link = app.folder.path().join("folder/gone.json");
    std::os::unix::fs::symlink("nowhere", link).expect("a link can be made");

    let ended = app.try_import(&["folder"]).await;

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("gone.json"), "{}", ended.stderr);
    app.json("/api/tracks/a").await;
}
}
