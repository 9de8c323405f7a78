//! A schema that a newer program has made.

use crate::harness::{Engine, TestApp, on_both_engines, page, payload};

const NEWER: &str = "INSERT INTO music_time_machine_migrations (version, applied_at)
    VALUES ('m29990101_000000_from_the_future', 0)";

on_both_engines! {
async fn a_newer_schema_is_left_alone_by_every_command(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;
    app.database.execute(NEWER).await;
    app.write("2026-01-02/short_term.json", page(["c"].map(payload)));

    for command in [&["serve", "--port", "0"][..], &["migrate"], &["import", "."], &["stress"]] {
        let ended = app.run(command).await;

        assert_eq!(ended.code, Some(1), "{command:?}: {}", ended.stderr);
        let told: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(told.len(), 1, "{command:?}: {}", ended.stderr);
        assert!(told[0].contains("newer than this program"), "{command:?}: {}", told[0]);
        assert!(told[0].contains("from_the_future"), "{command:?}: {}", told[0]);
    }
    app.tables().await.must_be(&before, "after commands on a newer schema");
}
}

on_both_engines! {
async fn a_program_that_runs_serves_on_while_a_newer_one_takes_over(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;

    app.database.execute(NEWER).await;

    assert_eq!(app.get("/readyz").await.status, 200);
    assert_eq!(app.list("2026-01-01", "short_term").await, ["a", "b"]);
}
}
