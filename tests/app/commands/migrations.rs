//! The `migrate` and `check` commands.

use crate::harness::database::TestDatabase;
use crate::harness::program::{program, run};
use crate::harness::{Engine, TestApp, on_both_engines, payload};
use entity::track;
use migration::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use serde_json::json;
use tokio::process::Command;

fn migrate(database: &TestDatabase) -> Command {
    let mut command = program(["migrate"]);
    command.env("DATABASE_URL", &database.url);
    command
}

on_both_engines! {
async fn migrations_run_down_and_up_again(app: TestApp) {
    let db = app.database.connect().await;
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    Migrator::down(&db, None).await.expect("the migrations run down");

    assert!(track::Entity::find().one(&db).await.is_err());
    Migrator::up(&db, None).await.expect("the migrations run up");
    app.put_list("2026-03-01", "short_term", ["b"]).await;
    assert_eq!(app.list("2026-03-01", "short_term").await, ["b"]);
}
}

on_both_engines! {
async fn a_second_migrate_changes_nothing(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let before = app.tables().await;

    let output = app.run(&["migrate"]).await;

    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("up to date"), "{}", output.stdout);
    app.tables().await.must_equal(&before, "after the second migrate");
}
}

async fn four_processes_migrate_at_once(engine: Engine) {
    for round in 0..5 {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let database = TestDatabase::new(engine, folder.path()).await;
        let mut commands = [(); 4].map(|()| migrate(&database));
        let [one, two, three, four] = &mut commands;

        let (one, two, three, four) = tokio::join!(run(one), run(two), run(three), run(four));

        for output in [one, two, three, four] {
            assert_eq!(output.code, Some(0), "round {round}: {}", output.stderr);
        }
        let db = database.connect().await;
        assert!(track::Entity::find().one(&db).await.is_ok());
        db.close().await.expect("the connection closes");
    }
}

#[tokio::test]
async fn sqlite_four_processes_can_create_one_database_at_once() {
    four_processes_migrate_at_once(Engine::Sqlite).await;
}

#[tokio::test]
async fn postgres_four_processes_can_migrate_one_database_at_once() {
    four_processes_migrate_at_once(Engine::Postgres).await;
}

on_both_engines! {
async fn check_reports_whether_the_schema_is_up_to_date(app: TestApp) {
    let current = app.run(&["check"]).await;
    let db = app.database.connect().await;
    Migrator::down(&db, None).await.expect("the migrations run down");

    let behind = app.run(&["check"]).await;

    assert_eq!(current.code, Some(0), "{}", current.stderr);
    assert!(current.stdout.contains("schema: up to date"), "{}", current.stdout);
    assert_eq!(behind.code, Some(1));
    assert!(behind.stderr.contains("music-time-machine migrate"), "{}", behind.stderr);
}
}

on_both_engines! {
async fn generated_columns_equal_the_expressions_on_the_payload(app: TestApp) {
    let dates = ["", "1999", "1999-05", "0000", "n/a", "2999-", "19", "1999x"].map(|date| json!(date));
    let dates = dates.into_iter().chain([json!(null), json!(1999), json!({}), json!(["1999"])]);
    let flags = [json!(true), json!(false), json!("true"), json!(1), json!(null)].into_iter().cycle();
    let odd = dates.zip(flags).enumerate().map(|(number, (date, flag))| {
        payload(&format!("t{number}")).released(date).with("explicit", flag)
    });
    app.put_tracks(odd).await;
    let db = app.database.connect().await;
    let engine = db.get_database_backend();

    let rows = track::Entity::find()
        .select_only()
        .columns([track::Column::ReleaseYear, track::Column::Explicit])
        .expr(entity::payload::release_year(engine))
        .expr(entity::payload::explicit(engine))
        .order_by_asc(track::Column::TrackId)
        .into_tuple::<(Option<i16>, Option<bool>, Option<i16>, Option<bool>)>()
        .all(&db).await.expect("the expressions are SQL");

    assert_eq!(rows.len(), 12);
    for (year, explicit, expected_year, expected_explicit) in rows {
        assert_eq!((year, explicit), (expected_year, expected_explicit));
    }
}
}

on_both_engines! {
async fn a_database_of_an_earlier_build_is_refused_in_one_sentence(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let earlier = [
        // Another version of the one migration.
        "UPDATE music_time_machine_migrations SET version = 'm20261127_000001_library_00000000'",
        // The builds before it kept their migrations in a table of another name.
        "ALTER TABLE music_time_machine_migrations RENAME TO seaql_migrations",
    ];

    for change in earlier {
        app.database.execute(change).await;
        let before = app.tables().await;
        for command in [&["serve", "--port", "0"][..], &["migrate"], &["check"], &["stress"]] {
            let output = app.run(command).await;

            assert_eq!(output.code, Some(1), "{command:?}: {}", output.stderr);
            let errors: Vec<_> = output.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
            assert_eq!(errors.len(), 1, "{command:?}: {}", output.stderr);
            assert!(errors[0].contains("import your files again"), "{command:?}: {}", errors[0]);
        }
        app.tables().await.must_equal(&before, "after commands on an earlier schema");
    }
}
}

#[tokio::test]
async fn check_does_not_create_a_missing_sqlite_file() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let database = TestDatabase::new(Engine::Sqlite, folder.path()).await;
    let mut check = program(["check"]);
    check.env("DATABASE_URL", &database.url);

    let output = run(&mut check).await;

    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(
        output.stderr.contains("there is no database at"),
        "{}",
        output.stderr
    );
    assert!(!folder.path().join("library.db").exists());
}
