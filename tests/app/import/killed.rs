//! An import that is killed and run again ends as if it had not been killed.

use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use std::process::Stdio;
use std::time::Duration;

const DAYS: u32 = 28;

/// Two lists a day for four weeks, with changing names, and a file of tracks.
fn a_month(app: &TestApp) {
    for day in 1..=DAYS {
        for hour in [8, 20] {
            let seen_then = |place: u32| {
                let id = format!("t{}", (day * 13 + hour + place * 7) % 300);
                payload(&id).named(&format!("{id} on day {day} at {hour}"))
            };
            let file = format!("in/2026-02-{day:02}T{hour:02}0000Z.short_term.json");
            app.write(&file, page((0..50).map(seen_then)));
        }
    }
    let undated = (0..400).map(|number| payload(&format!("t{number}")).text() + "\n");
    app.write("in/tracks.ndjson", undated.collect::<String>());
}

on_both_engines! {
async fn killed_at_any_point_and_run_again_it_ends_in_the_same_state(app: TestApp) {
    a_month(&app);
    let started = std::time::Instant::now();
    app.import(["in"]).await;
    let whole = started.elapsed();
    let uninterrupted = app.tables().await;
    let other = app.another().await;
    a_month(&other);

    for tenths in [2, 4, 6, 8, 9] {
        kill_after(&other, whole * tenths / 10).await;
        let kept = other.tables().await;
        assert!(kept.snapshots.len() <= uninterrupted.snapshots.len());
    }
    other.import(["in"]).await;

    other.tables().await.must_equal(&uninterrupted, "after kills");
}
}

async fn kill_after(app: &TestApp, time: Duration) {
    let mut import = app.command(&["import", "in"]);
    import.stdout(Stdio::null()).stderr(Stdio::null());
    let mut import = import.spawn().expect("the program can be started");
    let ended = tokio::time::timeout(time, import.wait()).await;
    if ended.is_err() {
        import.kill().await.expect("it can be killed");
    }
}
