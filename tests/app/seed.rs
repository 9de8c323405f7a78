//! The SQL statements of the predecessor of this program work unchanged on its tables.

use crate::harness::{Engine, TestApp, on_both_engines};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};

const TRACK: &str = "
    INSERT INTO tracks (track_id, name, artist_name)
    VALUES (%s, %s, %s)
    ON CONFLICT (track_id) DO NOTHING";

const SNAPSHOT: &str = "
    INSERT INTO snapshots (track_id, snapshot_date, time_range, rank)
    VALUES (%s, %s, %s, %s)
    ON CONFLICT (track_id, snapshot_date, time_range)
    DO UPDATE SET rank = EXCLUDED.rank";

const DAY: &str = "2026-03-01";

/// Runs a statement with values in place of `%s`.
async fn run(db: &DatabaseConnection, statement: &str, values: &[Value]) -> u64 {
    let literal = |value: &Value| match value {
        Value::String(Some(text)) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    };
    let text = values.iter().fold(statement.to_owned(), |text, value| {
        text.replacen("%s", &literal(value), 1)
    });
    let statement = Statement::from_string(db.get_database_backend(), text);
    db.execute_raw(statement)
        .await
        .expect("the statement works")
        .rows_affected()
}

fn snapshot(rank: i32) -> [Value; 4] {
    [
        "track_1".into(),
        DAY.into(),
        "short_term".into(),
        rank.into(),
    ]
}

on_both_engines! {
async fn the_predecessors_inserts_work_unchanged(app: TestApp) {
    let db = app.database.connect().await;
    let track = ["track_1", "Concurrency Test Track", "Test Artist"].map(Value::from);

    assert_eq!(run(&db, TRACK, &track).await, 1);
    assert_eq!(run(&db, TRACK, &track).await, 0);
    for rank in [1, 500, 7] {
        assert_eq!(run(&db, SNAPSHOT, &snapshot(rank)).await, 1);
    }

    assert_eq!(app.list(DAY, "short_term").await, ["track_1"]);
    let history = app.json("/api/tracks/track_1/history").await;
    assert_eq!(history["items"][0]["rank"], 7);
    let summary = app.json("/api/summary").await;
    assert_eq!((&summary["track_count"], &summary["snapshot_count"]), (&1.into(), &1.into()));
    assert_eq!(app.get("/dashboard").await.status, 200);
}
}

on_both_engines! {
async fn rows_of_the_predecessor_are_on_every_page_where_they_belong(app: TestApp) {
    let db = app.database.connect().await;
    for (track_id, name, artist) in [("one", "First", "The Who"), ("two", "Second", "The Who"), ("three", "Third", "海")] {
        run(&db, TRACK, &[track_id, name, artist].map(Value::from)).await;
    }
    let lists = [
        ("2025-11-01", ["one", "two"]),
        ("2026-02-27", ["two", "three"]),
        (DAY, ["three", "one"]),
    ];
    for (day, tracks) in lists {
        for (track_id, rank) in tracks.into_iter().zip([1, 2]) {
            let values: [Value; 4] = [track_id.into(), day.into(), "short_term".into(), rank.into()];
            run(&db, SNAPSHOT, &values).await;
        }
    }

    for (page, names) in [
        ("/dashboard", &["First", "Third", "The Who", "海"][..]),
        ("/lists?year=2026", &["2026-02-27", DAY]),
        ("/lists/2026-03-01/short_term", &["First", "Second", "Third", "The Who"]),
        ("/changes/short_term/2026-02-27/2026-03-01", &["First", "Second", "Third"]),
        ("/tracks/one", &["First", "The Who"]),
        ("/artists/name:The%20Who", &["First", "Second"]),
        ("/search?q=the%20who", &["The Who", "2 tracks"]),
        ("/evolution", &["The Who", "海"]),
        ("/gems?as_of=2026-05-29", &["Second"]),
        ("/gems/discoveries?as_of=2026-02-27", &["Third"]),
        ("/gems/rotation", &["First", "Third"]),
    ] {
        let response = app.get(page).await;
        assert_eq!(response.status, 200, "{page}");
        for name in names {
            assert!(response.body.contains(name), "{name} is not on {page}");
        }
    }
    let gems = app.json("/api/forgotten-gems?as_of=2026-05-29").await;
    assert_eq!(crate::harness::texts(&gems["items"], "track_id"), ["two"]);
}
}

on_both_engines! {
async fn a_row_of_the_predecessor_takes_its_payload_from_the_next_list(app: TestApp) {
    let db = app.database.connect().await;
    run(&db, TRACK, &["a", "Old name", "Old artist"].map(Value::from)).await;

    app.put_list("2026-03-02", "short_term", ["a"]).await;

    let track = app.json("/api/tracks/a").await;
    assert_eq!((&track["name"], &track["release_year"]), (&"Name of a".into(), &1999.into()));
}
}

on_both_engines! {
async fn the_tables_reject_invalid_rows_that_the_predecessor_accepted(app: TestApp) {
    let db = app.database.connect().await;
    run(&db, TRACK, &["track_1", "T", "A"].map(Value::from)).await;
    let values = [
        "'missing', '2026-03-01', 'short_term', 1",
        "'track_1', '2026-03-01', 'weekly', 1",
        "'track_1', '2026-03-01', 'short_term', 0",
        "'track_1', '2026-02-30', 'short_term', 1",
    ];

    for values in values {
        let insert = "INSERT INTO snapshots (track_id, snapshot_date, time_range, rank) VALUES";
        let outcome = db.execute_unprepared(&format!("{insert} ({values})")).await;

        assert!(outcome.is_err(), "{values}");
    }
}
}

#[tokio::test]
async fn a_role_with_rights_on_two_tables_can_write_to_them_while_they_are_published() {
    let app = TestApp::start(Engine::Postgres).await;
    let role = format!("writer_{}", std::process::id());

    app.database
        .execute(&format!(
            "CREATE PUBLICATION everything FOR ALL TABLES;
             CREATE ROLE {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON tracks, snapshots TO {role};
             SET ROLE {role};
             INSERT INTO tracks (track_id, name, artist_name) VALUES ('a', 'A', 'A'), ('b', 'B', 'B');
             INSERT INTO snapshots VALUES ('a', '{DAY}', 'short_term', 1), ('b', '{DAY}', 'short_term', 2);
             UPDATE snapshots SET rank = rank + 1;
             DELETE FROM snapshots WHERE track_id = 'b';
             RESET ROLE;
             DROP OWNED BY {role};
             DROP ROLE {role}"
        ))
        .await;

    assert_eq!(app.list(DAY, "short_term").await, ["a"]);
    assert_eq!(app.json("/api/summary").await["track_count"], 2);
}
