//! The page of the library, and how lists, tracks and the whole library are deleted.

use crate::harness::{Engine, TestApp, must_have, on_both_engines, page, payload};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Two lists of the same tracks, which a file holds too.
async fn fill(app: &TestApp) {
    app.write(
        "2026-03-01T080000Z.short_term.json",
        page(["a", "b"].map(payload)),
    );
    app.import(["2026-03-01T080000Z.short_term.json"]).await;
    app.put_list("2026-03-03", "long_term", ["b"]).await;
}

async fn is_empty(app: &TestApp) -> bool {
    let tables = app.tables().await;
    tables.tracks.is_empty() && tables.snapshots.is_empty() && tables.captures.is_empty()
}

on_both_engines! {
async fn the_page_says_what_is_kept(app: TestApp) {
    let empty = app.main_part("/settings").await;
    must_have(&empty, &["<h1>Library</h1>", "none yet", "nothing to clear"]);
    fill(&app).await;
    app.put_json("/api/tracks/bare", json!({ "name": "Bare", "artist_name": "None" })).await;

    let page = app.main_part("/settings").await;

    let engine = match app.engine { Engine::Sqlite => "SQLite, 3 ranks", Engine::Postgres => "PostgreSQL, 3 ranks" };
    must_have(&page, &[
        "<dd class=\"figure\">3</dd><dd class=\"out-of\">1 without a payload</dd>",
        "<dd class=\"figure\">2</dd>", " not kept</dd>", "3 Mar 2026", "1 track</dd>", engine,
        "Deletes 3 tracks, 2 lists and 2 entries of the ledger.", "type <b>delete 3 tracks</b>", "href=\"/api/export\"",
        "<a href=\"/settings\" aria-current=\"page\">Library</a>", "href=\"/settings/spotify\"",
    ]);
    assert_eq!(page.contains("/settings/library.db"), app.engine == Engine::Sqlite);
}
}

on_both_engines! {
async fn only_the_right_words_clear_the_library(app: TestApp) {
    fill(&app).await;
    for wrong in ["", "delete 3 tracks", "delete 2", "delete 2 tracks now", "2", "delete+20+tracks"] {
        let response = app.post_form("/settings/clear", &format!("confirm={}", wrong.replace(' ', "+"))).await;

        assert_eq!(response.status, 400, "{wrong}");
        must_have(&response.body, &["aria-invalid=\"true\"", "Nothing was deleted", "delete 2 tracks"]);
        assert_eq!(app.json("/api/summary").await["track_count"], 2, "{wrong}");
    }

    let response = app.post_form("/settings/clear", "confirm=Delete+2+tracks+").await;

    assert_eq!((response.status, response.header("location")), (303, "/settings?notice=cleared"));
    assert!(is_empty(&app).await);
    must_have(&app.main_part("/settings?notice=cleared").await, &["The library is empty now", "nothing to clear"]);
}
}

on_both_engines! {
async fn a_thousand_tracks_may_be_typed_with_a_comma_or_without(app: TestApp) {
    for typed in ["delete 1,000 tracks", "delete 1000 tracks"] {
        app.put_tracks((0..1000).map(|number| payload(&format!("t{number}")))).await;
        must_have(&app.main_part("/settings").await, &["<b>delete 1,000 tracks</b>"]);

        let response = app.post_form("/settings/clear", &format!("confirm={}", typed.replace(' ', "+"))).await;

        assert_eq!(response.status, 303, "{typed}");
        assert!(is_empty(&app).await);
    }
}
}

on_both_engines! {
async fn the_api_clears_a_library_with_this_number_of_tracks_and_keeps_the_rest(app: TestApp) {
    fill(&app).await;
    app.run(&["export", "before.ndjson.gz"]).await;
    let before = app.tables().await;
    app.database.execute(
        "INSERT INTO pauses (provider, not_before) VALUES ('spotify', '2026-03-01T00:00:00+00:00')",
    ).await;
    app.delete("/api/library").await.problem(400, Some("track_count"));
    app.delete("/api/library?track_count=two").await.problem(400, Some("track_count"));
    app.delete("/api/library?track_count=-1").await.problem(400, Some("track_count"));
    let conflict = app.delete("/api/library?track_count=3").await.problem(409, None);
    must_have(conflict["detail"].as_str().expect("a text"), &["2 tracks now, not 3"]);
    app.tables().await.must_equal(&before, "after refusals");

    let response = app.delete("/api/library?track_count=2").await;

    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert!(is_empty(&app).await);
    let pauses = app.database.connect().await.query_all_raw(sea_orm::Statement::from_string(
        match app.engine { Engine::Sqlite => sea_orm::DbBackend::Sqlite, Engine::Postgres => sea_orm::DbBackend::Postgres },
        "SELECT provider FROM pauses",
    )).await;
    assert_eq!(pauses.expect("rows").len(), 1);
    assert_eq!(app.delete("/api/library?track_count=0").await.status, 204, "doing it twice changes nothing");
    app.import(["before.ndjson.gz"]).await;
    app.tables().await.must_equal(&before, "after the import");
}
}

on_both_engines! {
async fn a_list_that_is_written_meanwhile_is_kept_whole_or_not_at_all(app: TestApp) {
    for round in 0..6 {
        fill(&app).await;
        let writers = (0..4).map(|writer| {
            let client = app.client.clone();
            let ids: Vec<_> = (0..50).map(|number| format!("w{writer}-{number}")).collect();
            tokio::spawn(async move {
                let list = page(ids.iter().map(|id| payload(id)));
                for _ in 0..3 {
                    client.put(&format!("/api/snapshots/2026-04-0{}/short_term", writer + 1), &list).await;
                    client.put(&format!("/api/snapshots/2026-04-0{}/long_term/a", writer + 1), json!({ "rank": 1 })).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut cleared = 0;
        while cleared == 0 {
            let count = &app.json("/api/summary").await["track_count"];
            match app.delete(&format!("/api/library?track_count={count}")).await.status {
                204 => cleared += 1,
                409 | 503 => {}
                other => panic!("{other}"),
            }
        }
        for writer in writers {
            writer.await.expect("no panic");
        }

        let tables = app.tables().await;
        let lists = tables.snapshots.iter().filter(|row| row.track_id.starts_with('w'));
        assert_eq!(lists.count() % 50, 0, "round {round}");
        let recorded = tables.captures.iter().filter(|row| row.source == "api").count();
        assert!(recorded >= tables.snapshots.len() / 50, "round {round}");
    }
}
}

on_both_engines! {
async fn a_list_is_deleted_from_its_page_and_comes_back_by_importing(app: TestApp) {
    fill(&app).await;
    let before = app.tables().await;
    let action = "/lists/2026-03-01/short_term/delete";
    must_have(&app.main_part("/lists/2026-03-01/short_term").await, &[
        "<details class=\"deletion\"><summary>Delete this list…</summary>", "method=\"post\"", action, "brings it back",
    ]);

    let response = app.post_form(action, "").await;

    assert_eq!((response.status, response.header("location")), (303, "/lists"));
    assert_eq!(app.get("/lists/2026-03-01/short_term").await.status, 404);
    assert_eq!(app.tables().await.tracks.len(), 2);
    assert_eq!(app.post_form(action, "").await.status, 404);
    app.import(["2026-03-01T080000Z.short_term.json"]).await;
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
    assert_eq!(app.tables().await.snapshots.len(), before.snapshots.len());
}
}

on_both_engines! {
async fn a_track_is_deleted_from_its_page(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b/c?d"]).await;
    let action = "/tracks/b%2Fc%3Fd/delete";
    must_have(&app.main_part("/tracks/b%2Fc%3Fd").await, &["Delete this track…", action, "brings it back"]);

    let response = app.post_form(action, "").await;

    assert_eq!((response.status, response.header("location")), (303, "/dashboard"));
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a"]);
    assert_eq!(app.get("/tracks/b%2Fc%3Fd").await.status, 404);
    assert_eq!(app.post_form(action, "").await.status, 404);
}
}

on_both_engines! {
async fn no_other_site_deletes_anything(app: TestApp) {
    fill(&app).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for path in ["/settings/clear", "/lists/2026-03-01/short_term/delete", "/tracks/a/delete"] {
        let headers = [form, ("sec-fetch-site", "cross-site")];
        let response = app.send(reqwest::Method::POST, path, &headers, "confirm=delete+2+tracks").await;

        assert_eq!(response.status, 403, "{path}");
    }
    assert_eq!(app.json("/api/summary").await["track_count"], 2);
}
}

#[tokio::test]
async fn the_sqlite_file_is_a_copy_that_serves_the_same_library() {
    let app = TestApp::start(Engine::Sqlite).await;
    fill(&app).await;
    let before = app.tables().await;

    let (headers, file) = app.get_bytes("/settings/library.db").await;

    assert_eq!(headers["content-type"], "application/vnd.sqlite3");
    assert_eq!(headers["content-length"], file.len().to_string().as_str());
    assert!(file.starts_with(b"SQLite format 3\0"));
    let names = std::fs::read_dir(app.folder.path()).expect("a folder");
    let copies = names.filter(|name| {
        let name = name.as_ref().expect("a name").file_name();
        name.to_string_lossy().contains("copy")
    });
    assert_eq!(copies.count(), 0);
    app.write("copy.db", file);
    let path = app.folder.path().join("copy.db");
    let copy = TestApp::on(&format!("sqlite://{}", path.display())).await;
    copy.tables().await.must_equal(&before, "in the copy");
}

#[tokio::test]
async fn postgresql_has_no_file() {
    let app = TestApp::start(Engine::Postgres).await;

    assert_eq!(app.get("/settings/library.db").await.status, 404);
}
