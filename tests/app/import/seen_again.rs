//! When an unchanged track is seen again, only the column `payload_at` is written.

use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use serde_json::{Value, json};

/// Files of lists and their tracks. The payload of a track is the same on all lists.
const LISTS: [(&str, [&str; 3]); 6] = [
    ("in/2026-03-01.short_term.json", ["a", "b", "c"]),
    ("in/2026-03-01.long_term.json", ["c", "a", "d"]),
    ("in/2026-03-02T080000Z.short_term.json", ["b", "d", "a"]),
    ("in/2026-03-02T200000Z.short_term.json", ["d", "c", "b"]),
    ("in/2026-03-03.medium_term.json", ["a", "e", "b"]),
    ("in/2026-03-04.short_term.json", ["e", "d", "a"]),
];

fn write_lists(app: &TestApp) {
    for (file, ids) in LISTS {
        app.write(file, page(ids.map(payload)));
    }
}

/// Makes the database refuse statements that set another column than `payload_at`.
async fn refuse_other_columns(app: &TestApp) {
    let columns = "name, artist_name, album_name, duration_ms, spotify_url, raw_json";
    let statements = match app.engine {
        Engine::Sqlite => format!(
            "CREATE TRIGGER refuse BEFORE UPDATE OF {columns} ON tracks
             BEGIN SELECT RAISE(ABORT, 'a column is written again'); END"
        ),
        Engine::Postgres => format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE 'a column is written again'; END $$;
             CREATE TRIGGER refuse BEFORE UPDATE OF {columns} ON tracks
             FOR EACH ROW EXECUTE FUNCTION refuse()"
        ),
    };
    app.database.execute(&statements).await;
}

async fn payload_day(app: &TestApp, id: &str) -> String {
    let track = app.json(&format!("/api/tracks/{id}")).await;
    track["payload_at"].as_str().expect("an instant")[..10].into()
}

on_both_engines! {
async fn an_import_writes_the_time_alone(app: TestApp) {
    app.write("before.json", page(["a", "b", "c", "d", "e"].map(payload)));
    app.import(["--date", "2026-02-01", "--time-range", "short_term", "before.json"]).await;
    refuse_other_columns(&app).await;
    write_lists(&app);

    let account = app.import(["in"]).await;

    assert_eq!((account.new, account.updated, account.unchanged), (0, 0, 5));
    for (id, day) in [("a", "04"), ("b", "03"), ("c", "02"), ("d", "04"), ("e", "04")] {
        assert_eq!(payload_day(&app, id).await, format!("2026-03-{day}"), "{id}");
    }
}
}

on_both_engines! {
async fn a_put_list_writes_the_time_alone(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    refuse_other_columns(&app).await;

    app.put_list("2026-03-02", "short_term", ["b", "a"]).await;

    assert_eq!(payload_day(&app, "a").await, "2026-03-02");
}
}

on_both_engines! {
async fn a_put_track_writes_the_time_alone(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let mut track = app.json("/api/tracks/a").await;
    let columns = track.as_object_mut().expect("an object");
    for not_put in ["track_id", "artist_key", "release_year", "explicit", "payload_at"] {
        columns.remove(not_put);
    }
    refuse_other_columns(&app).await;

    let after = app.put_json("/api/tracks/a", track.clone()).await;

    assert!(after["payload_at"].as_str() > Some("2026-03-02"), "{after}");
    assert_eq!(after["raw_json"], track["raw_json"]);
}
}

on_both_engines! {
async fn a_new_payload_is_written_whole(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    let changed = payload("a").named("Another name");

    app.put_json("/api/snapshots/2026-03-02/short_term", page([changed.clone(), payload("b")])).await;

    let track = app.json("/api/tracks/a").await;
    assert_eq!((&track["name"], &track["raw_json"]), (&json!("Another name"), &changed.0));
    assert_eq!(payload_day(&app, "a").await, "2026-03-02");
    assert_eq!(payload_day(&app, "b").await, "2026-03-02");
}
}

on_both_engines! {
async fn the_order_of_runs_does_not_matter(app: TestApp) {
    write_lists(&app);
    app.import(["in"]).await;
    let expected = app.tables().await;
    let mut chance = fastrand::Rng::with_seed(7);
    for _ in 0..3 {
        let other = app.another().await;
        write_lists(&other);
        let mut files = LISTS.map(|(file, _)| file);
        chance.shuffle(&mut files);

        for file in files {
            other.import([file]).await;
        }

        let tables = other.tables().await;
        assert!(tables.tracks == expected.tracks, "{files:?}: {:?}", tables.tracks);
        assert!(tables.snapshots == expected.snapshots, "{files:?}");
    }
    let track: Value = app.json("/api/tracks/c").await;
    assert!(track["payload_at"].as_str().is_some_and(|at| at.starts_with("2026-03-02T20:00:00")));
}
}
