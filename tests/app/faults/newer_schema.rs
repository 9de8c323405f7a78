//! The schema comes from a newer version of the program.

use crate::harness::{Engine, TestApp, on_both_engines, page, payload};

const NEWER: &str = "INSERT INTO music_time_machine_migrations (version, applied_at)
    VALUES ('m29990101_000000_from_the_future', 0)";

on_both_engines! {
async fn no_command_changes_a_newer_schema(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;
    app.database.execute(NEWER).await;
    app.write("2026-01-02/short_term.json", page(["c"].map(payload)));

    for command in [&["serve", "--port", "0"][..], &["migrate"], &["import", "."], &["stress"]] {
        let output = app.run(command).await;

        assert_eq!(output.code, Some(1), "{command:?}: {}", output.stderr);
        let errors: Vec<_> = output.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "{command:?}: {}", output.stderr);
        assert!(errors[0].contains("newer than this program"), "{command:?}: {}", errors[0]);
        assert!(errors[0].contains("from_the_future"), "{command:?}: {}", errors[0]);
    }
    app.tables().await.must_equal(&before, "after commands on a newer schema");
}
}

on_both_engines! {
async fn a_running_program_keeps_serving_after_a_newer_migration(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;

    app.database.execute(NEWER).await;

    assert_eq!(app.get("/readyz").await.status, 200);
    assert_eq!(app.list("2026-01-01", "short_term").await, ["a", "b"]);
}
}
