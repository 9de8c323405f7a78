//! The account that an import prints.

use crate::harness::import::Lists;
use crate::harness::payloads::lines;
use crate::harness::{Account, Engine, TestApp, on_both_engines, page, payload};
use serde_json::json;

on_both_engines! {
async fn every_object_read_is_counted_once(app: TestApp) {
    app.import_of(&["a", "b", "c"]).await;
    let local = payload("d").with("is_local", true);
    let changed = payload("b").named("Another name");
    app.write("tracks.json", json!([payload("a"), changed, payload("x"), payload("x"), local]));

    let account = app.import(["tracks.json"]).await;

    let expected = Account {
        read: 5, new: 1, updated: 1, unchanged: 1, duplicate: 1, refused: 1, ..Account::default()
    };
    assert_eq!(account, expected);
}
}

on_both_engines! {
async fn importing_twice_changes_nothing(app: TestApp) {
    app.write("in/2026-03-01T080000Z.short_term.json", page(["a", "b"].map(payload)));
    app.write("in/2026-03-01T090000Z.short_term.json", page(["b", "c"].map(payload)));
    app.write("in/2026-03-02.long_term.json", page([]));
    app.write("in/2026-03-03.long_term.json", page([payload("a").degraded()]));
    app.write("in/tracks.ndjson", lines([json!(payload("d")), json!(payload("b").named("Old"))]));
    app.import(["in"]).await;
    let once = app.tables().await;

    let account = app.import(["in"]).await;

    app.tables().await.must_equal(&once, "after the second import");
    let lists = Lists { unchanged: 1, empty: 1, degraded: 1, superseded: 1, ..Lists::default() };
    let expected = Account { read: 7, unchanged: 4, duplicate: 3, lists, ..Account::default() };
    assert_eq!(account, expected);
}
}

on_both_engines! {
async fn an_account_for_people_says_the_same(app: TestApp) {
    app.write("2026-03-01/short_term.json", page(["a", "b"].map(payload)));

    let ended = app.run(&["import", "2026-03-01/short_term.json"]).await;

    assert_eq!(ended.code, Some(0));
    assert!(ended.stdout.starts_with("Read 2 track objects"), "{}", ended.stdout);
    assert!(ended.stdout.contains("2 new, 0 updated, 0 unchanged, 0 duplicate, 0 refused"));
    assert!(ended.stdout.contains("Lists: 1 captured"));
}
}

on_both_engines! {
async fn a_report_has_a_line_for_every_refused_object(app: TestApp) {
    let nameless = |number: usize| json!(payload(&format!("n{number}")).without("name"));
    let many = (0..30).map(nameless).chain([json!(payload("good"))]);
    app.write("tracks.ndjson", lines(many));

    let (account, refused) = app.import_with_report("tracks.ndjson").await;

    assert_eq!((account.read, account.new, account.refused), (31, 1, 30));
    assert_eq!(refused.len(), 30);
    for (index, refused) in refused.iter().enumerate() {
        assert_eq!(refused.file, "tracks.ndjson");
        assert_eq!(refused.position, format!("line {}: name", index + 1));
        assert!(!refused.reason.is_empty());
    }
}
}

on_both_engines! {
async fn a_file_that_is_not_there_stops_the_import_with_its_name(app: TestApp) {
    let ended = app.try_import(&["missing.json"]).await;

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("missing.json"), "{}", ended.stderr);
    assert_eq!(app.json("/api/summary").await["track_count"], 0);
}
}

impl TestApp {
    /// Imports tracks without a list.
    pub async fn import_of(&self, ids: &[&str]) {
        let tracks: Vec<_> = ids.iter().map(|id| payload(id)).collect();
        self.write("some.json", json!(tracks));
        self.import(["some.json"]).await;
    }
}
