//! The archive of a library: `export` writes it, `import` reads it back to the same state.

use crate::harness::import::{Lists, Refused};
use crate::harness::tables::Tables;
use crate::harness::{Account, Engine, TestApp, gzip, must_have, on_both_engines, page, payload};
use flate2::read::MultiGzDecoder;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read;
use std::time::Duration;

const ARCHIVE: &str = "library.ndjson.gz";

/// A library with everything that a table can hold.
async fn fill(app: &TestApp) {
    app.write(
        "in/2026-03-01T080000Z.short_term.json",
        page(["a", "b"].map(payload)),
    );
    app.write(
        "in/2026-03-01T090000Z.short_term.json",
        page(["b", "c"].map(payload)),
    );
    app.write("in/2026-03-02.long_term.json", page([]));
    app.write(
        "in/2026-03-03.long_term.json",
        page([payload("a").degraded()]),
    );
    app.write(
        "in/tracks.json",
        json!([payload("undated").with("big", u64::MAX)]),
    );
    app.import(["in"]).await;
    let odd = json!({ "half": 0.5, "tiny": 5e-324, "huge": 1e300, "zero": -0.0, "more": 1e21, "deep": [{ "é\n\u{1}": null }] });
    let body = json!({ "name": "", "artist_name": "Ä \"quoted\"\n", "album_name": "", "spotify_url": "x", "raw_json": odd });
    app.put_json("/api/tracks/odd", body).await;
    app.put_json(
        "/api/tracks/bare",
        json!({ "name": "Bare", "artist_name": "None" }),
    )
    .await;
    for (track, rank) in [("a", 7), ("odd", 7), ("bare", 9_999)] {
        let path = format!("/api/snapshots/2026-04-01/medium_term/{track}");
        app.put_json(&path, json!({ "rank": rank })).await;
    }
    let refused = page([payload("a").without("name")]);
    for _ in 0..3 {
        app.put("/api/snapshots/2026-04-02/short_term", &refused)
            .await
            .problem(400, Some("items[0].name"));
    }
    app.put_list("2026-04-03", "short_term", ["c", "a", "c"])
        .await;
    // Another program's rows: a payload that is JSON null, and one with a number and a form that this program does not
    // write.
    app.database.execute(
        "INSERT INTO tracks (track_id, name, artist_name, raw_json) VALUES
            ('null', 'Null', 'Nobody', 'null'), ('spaced', 'Spaced', 'Nobody', '{ \"b\": 1.0,\n \"a\": [true] }')",
    ).await;
}

impl TestApp {
    async fn export(&self) {
        let ended = self.run(&["export", ARCHIVE]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stdout.starts_with("Exported "), "{}", ended.stdout);
    }

    /// The bytes of the archive of another library.
    fn archive(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join(ARCHIVE)).expect("the archive is written")
    }

    /// Imports an archive that another library wrote.
    async fn import_archive_of(&self, other: &Self) -> Account {
        self.write(ARCHIVE, other.archive());
        self.import([ARCHIVE]).await
    }
}

fn plain(archive: &[u8]) -> String {
    let mut text = String::new();
    let read = MultiGzDecoder::new(archive).read_to_string(&mut text);
    read.expect("the archive is whole");
    text
}

/// Numbers of JSON are equal by value: the engines return `1.0` differently.
fn must_hold_the_same(one: &Tables, other: &Tables) {
    let plain = |tables: &Tables| {
        let tracks = tables.tracks.iter().cloned().map(|mut track| {
            if track.track_id == "spaced" {
                track.raw_json = Some(
                    json!({ "b": track.raw_json.expect("a payload")["b"].as_f64(), "a": [true] }),
                );
            }
            track
        });
        Tables {
            tracks: tracks.collect(),
            snapshots: tables.snapshots.clone(),
            captures: tables.captures.clone(),
        }
    };
    plain(one).must_equal(&plain(other), "after the archive was imported");
}

on_both_engines! {
async fn an_archive_is_read_back_to_the_same_state_on_both_engines(app: TestApp) {
    fill(&app).await;
    let before = app.tables().await;
    assert!(before.captures.iter().any(|row| row.attempt_count == 3 && row.last_attempt_at.is_some()));

    app.export().await;

    for engine in [Engine::Sqlite, Engine::Postgres] {
        let fresh = TestApp::start(engine).await;
        let account = fresh.import_archive_of(&app).await;
        let after = fresh.tables().await;

        must_hold_the_same(&after, &before);
        let lists = Lists { captured: 4, ..Lists::default() };
        let tracks = before.tracks.len() as u64;
        assert_eq!(account, Account { read: tracks, new: tracks, lists, ..Account::default() });

        let again = fresh.import_archive_of(&app).await;
        fresh.tables().await.must_equal(&after, "after the second import");
        let lists = Lists { unchanged: 4, ..Lists::default() };
        assert_eq!(again, Account { read: tracks, unchanged: tracks, lists, ..Account::default() });

        // The same library has the same archive.
        fresh.export().await;
        assert_eq!(plain(&fresh.archive()), plain(&app.archive()));
    }
}
}

on_both_engines! {
async fn a_library_with_other_content_keeps_the_better_payloads_and_the_later_lists(app: TestApp) {
    let other = app.another().await;
    for (app, hour, ids) in [(&app, 8, ["a", "b"]), (&other, 9, ["b", "x"])] {
        app.write(&format!("2026-03-01T{hour:02}0000Z.short_term.json"), page(ids.map(|id| payload(id).named(&format!("At {hour}")))));
        app.import([&format!("2026-03-01T{hour:02}0000Z.short_term.json")]).await;
    }
    app.import_list("2026-03-02", "short_term", ["a"]).await;
    other.import_list("2026-03-03", "short_term", ["x"]).await;
    // The same attempt, but the other library has another list.
    for app in [&app, &other] {
        app.import_list("2026-03-04", "long_term", ["b"]).await;
    }
    other.put_json("/api/snapshots/2026-03-04/long_term/x", json!({ "rank": 2 })).await;
    app.export().await;
    other.export().await;
    let archive = app.archive();

    let account = app.import_archive_of(&other).await;
    other.write("app.ndjson.gz", archive);
    let back = other.import(["app.ndjson.gz"]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["b", "x"]);
    assert_eq!(app.json("/api/tracks/b").await["name"], "Name of b", "seen on the fourth");
    assert_eq!(app.json("/api/tracks/x").await["name"], "Name of x");
    assert_eq!(app.list("2026-03-04", "long_term").await, ["b", "x"]);
    assert_eq!(account, Account {
        read: 2, new: 1, unchanged: 1, lists: Lists { captured: 3, ..Lists::default() }, ..Account::default()
    });
    assert_eq!(back.lists, Lists { captured: 2, superseded: 1, ..Lists::default() });
    // Both now hold the entries of both, one of them in common.
    assert_eq!(app.tables().await.captures.len(), 5);
    assert_eq!(other.tables().await.captures.len(), 5);
}
}

on_both_engines! {
async fn what_was_deleted_comes_back_by_importing(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-02", "short_term", ["b"]).await;
    let before = app.tables().await;
    app.export().await;
    app.delete("/api/snapshots/2026-03-02/short_term").await;
    app.delete("/api/tracks/a").await;

    app.import([ARCHIVE]).await;

    app.tables().await.must_equal(&before, "after the import");
}
}

on_both_engines! {
async fn a_cut_archive_is_kept_as_far_as_it_goes_and_said_not_to_be_whole(app: TestApp) {
    fill(&app).await;
    let before = app.tables().await;
    app.export().await;
    let whole = app.archive();
    let text = plain(&whole);
    let without_end = text.lines().take(text.lines().count() - 1).map(|line| format!("{line}\n")).collect::<String>();
    let without_second = text.lines().enumerate().filter(|(number, _)| *number != 2);
    let without_second = without_second.map(|(_, line)| format!("{line}\n")).collect::<String>();
    let cut = [
        whole[..whole.len() / 2].to_vec(), whole[..whole.len() - 9].to_vec(), text.as_bytes()[..text.len() / 2].to_vec(),
        gzip(without_end.as_str()), without_second.into_bytes(),
    ];
    for (number, cut) in cut.into_iter().enumerate() {
        let fresh = app.another().await;
        fresh.write("cut.ndjson", cut);

        let ended = fresh.try_import(&["cut.ndjson"]).await;

        assert_eq!(ended.code, Some(1), "{number}: {ended:?}");
        assert!(ended.stderr.contains("Could not read cut.ndjson to its end"), "{number}: {}", ended.stderr);
        let account = Account::of(&ended);
        assert!(account.new > 0 && account.refused == 0, "{number}: {account:?}");
        fresh.write(ARCHIVE, whole.clone());
        fresh.import([ARCHIVE]).await;
        must_hold_the_same(&fresh.tables().await, &before);
    }
}
}

on_both_engines! {
async fn bad_lines_are_refused_with_their_place_and_the_others_are_kept(app: TestApp) {
    let lines = [
        json!({ "archive": { "of": "music-time-machine", "version": 1 } }),
        json!({ "track": { "track_id": "a", "name": "A", "artist_name": "Someone", "raw_json": { "id": "a" } } }),
        json!({ "track": { "track_id": "", "name": "A", "artist_name": "Someone" } }),
        json!({ "track": { "track_id": "b", "artist_name": "Someone" } }),
        json!({ "track": { "track_id": "c", "name": "C", "artist_name": "Someone", "raw_json": { "x": ["a\u{0}"] } } }),
        json!({ "list": { "snapshot_date": "2026-03-01", "time_range": "short_term", "items": [{ "rank": 1, "track_id": "b" }] } }),
        json!({ "list": { "snapshot_date": "2026-03-02", "time_range": "short_term", "items": [{ "rank": 0, "track_id": "a" }] } }),
        json!({ "list": { "snapshot_date": "2026-03-03", "time_range": "shortly", "items": [] } }),
        json!({ "list": { "snapshot_date": "2026-03-04", "time_range": "short_term", "items": [{ "rank": 3, "track_id": "a" }] } }),
        json!({ "capture": { "snapshot_date": "1804-03-04", "time_range": "short_term", "captured_at": "2026-03-04T00:00:00Z",
            "source": "x", "outcome": "captured", "track_count": 1, "attempt_count": 1 } }),
        json!("something else"),
        json!({ "end": { "track_count": 4, "list_count": 4, "capture_count": 1 } }),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    // A line more than there were at first.
    app.write("bad.ndjson", text.replace("\"capture_count\":1", "\"capture_count\":2"));

    let (account, refused) = app.import_with_report("bad.ndjson").await;

    assert_eq!((account.read, account.new, account.refused), (4, 1, 3));
    assert_eq!(account.lists, Lists { captured: 1, refused: 1, ..Lists::default() });
    let positions: Vec<_> = refused.iter().map(|Refused { position, .. }| position.as_str()).collect();
    assert_eq!(positions, [
        "line 3: track.track_id", "line 4: track", "line 5: track.raw_json.x[0]", "line 7: list.items[0].rank",
        "line 8: list.time_range", "line 10: capture.snapshot_date", "line 11", "line 6: list",
    ]);
    assert!(refused[7].reason.contains("no track b"), "{:?}", refused[7]);
    assert_eq!(app.list("2026-03-04", "short_term").await, ["a"]);
}
}

on_both_engines! {
async fn the_api_answers_the_same_archive(app: TestApp) {
    fill(&app).await;
    app.export().await;

    let (headers, body) = app.get_bytes("/api/export").await;

    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().expect("a text"));
    assert_eq!(header("content-type"), "application/gzip");
    assert_eq!((header("content-length"), header("content-encoding")), ("", ""));
    let name = header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"music-time-machine-20") && name.ends_with(".ndjson.gz\""), "{name}");
    assert_eq!(plain(&body), plain(&app.archive()));
    let head = app.request(Method::HEAD, "/api/export", &[]).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    app.get("/api/export?limit=1").await.problem(400, Some("limit"));
}
}

on_both_engines! {
async fn an_archive_is_one_moment_while_others_write(app: TestApp) {
    // Every list has all of the tracks, and one more each time.
    let ids: Vec<String> = (0..600).map(|number| format!("t{number:03}")).collect();
    app.put_tracks(ids.iter().map(|id| payload(id))).await;
    let writer = {
        let (client, ids) = (app.client.clone(), ids.clone());
        tokio::spawn(async move {
            for day in 1..=28 {
                let first = format!("new{day:02}");
                let items = [first.as_str()].into_iter().chain(ids.iter().take(100).map(String::as_str));
                let list = page(items.map(payload));
                client.put_json(&format!("/api/snapshots/2026-02-{day:02}/short_term"), list).await;
            }
        })
    };
    let mut exports = Vec::new();
    while !writer.is_finished() {
        exports.push(plain(&app.get_bytes("/api/export").await.1));
    }
    writer.await.expect("no panic");

    for export in exports {
        let lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let of = |kind: &str| lines.iter().filter_map(|line| line.get(kind)).collect::<Vec<_>>();
        let (tracks, lists, captures) = (of("track"), of("list"), of("capture"));
        assert_eq!((tracks.len(), captures.len()), (600 + lists.len(), lists.len()), "tracks, lists and ledger agree");
        assert_eq!(lines.last().expect("a line")["end"]["list_count"], lists.len());
    }
}
}

/// Tracks that take more memory than lies between the program and a client that does not read.
async fn fill_with_much(app: &TestApp) {
    let mut random = fastrand::Rng::with_seed(1);
    let mut noise = || {
        std::iter::repeat_with(|| random.alphanumeric())
            .take(20_000)
            .collect::<String>()
    };
    app.put_tracks((0..2_500).map(|number| payload(&format!("t{number}")).with("noise", noise())))
        .await;
}

on_both_engines! {
async fn two_exports_run_at_once_and_a_client_that_leaves_ends_its_own(app: TestApp) {
    fill_with_much(&app).await;

    let (one, two) = (app.start_get("/api/export").await, app.start_get("/api/export").await);
    let third = app.get("/api/export").await;
    assert_eq!(third.problem(503, None)["title"], "Service Unavailable");
    drop((one, two));

    app.retry_get("/api/export", Duration::from_secs(60)).await;
}
}

#[tokio::test]
async fn an_export_that_fails_breaks_off() {
    let app = TestApp::start(Engine::Postgres).await;
    fill_with_much(&app).await;
    let response = app.start_get("/api/export").await;

    app.database
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;

    assert!(response.bytes().await.is_err(), "the response has no end");
}

on_both_engines! {
async fn a_file_is_replaced_when_it_is_whole_and_the_database_never_is(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    app.write(ARCHIVE, "something older");

    app.export().await;

    assert!(plain(&app.archive()).contains("\"track_id\":\"a\""));
    let names = || std::fs::read_dir(app.folder.path()).expect("a folder").count();
    let before = names();
    if app.engine == Engine::Sqlite {
        for own in ["library.db", "./library.db-wal", "library.db.key"] {
            let ended = app.run(&["export", own]).await;
            assert_eq!(ended.code, Some(1));
            assert!(ended.stderr.contains("belongs to the database"), "{}", ended.stderr);
        }
    }
    for (wrong, reason) in [(".", "is a folder"), ("missing/library.gz", "missing/library.gz")] {
        let ended = app.run(&["export", wrong]).await;
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    }
    let to_device = app.run(&["export", "/dev/null"]).await;
    assert_eq!(to_device.code, Some(0), "{}", to_device.stderr);
    assert_eq!(names(), before, "no temporary file stays");
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a"]);
}
}

#[tokio::test]
async fn an_archive_of_a_newer_version_is_refused() {
    let app = TestApp::start(Engine::Sqlite).await;
    app.write(
        "new.ndjson",
        "{\"archive\":{\"of\":\"music-time-machine\",\"version\":2}}\n{\"track\":{}}\n",
    );

    let ended = app.run(&["import", "new.ndjson"]).await;

    assert_eq!(ended.code, Some(1));
    must_have(&ended.stderr, &["version 2", "up to version 1"]);
}
