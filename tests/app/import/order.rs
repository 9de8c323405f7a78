//! The order of files, and of runs, does not matter.

use crate::harness::payloads::Payload;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};

/// Several lists for each of three days, with different payloads.
fn some_lists(app: &TestApp) -> Vec<String> {
    let ids = ["a", "b", "c", "d", "e"];
    let mut files = Vec::new();
    for number in 0..12_usize {
        let (day, hour) = (1 + number / 4, 3 + number % 4 * 5);
        let range = ["short_term", "long_term"][number % 2];
        let file = format!("in/2026-03-{day:02}T{hour:02}0000Z.{range}.json");
        let seen_then = |id: &str| -> Payload {
            let seen = payload(id)
                .with("popularity", number)
                .named(&format!("{id} as of {number}"));
            if number % 5 == 4 {
                seen.degraded()
            } else {
                seen
            }
        };
        let listed = (number % 5..).take(number % 4).map(|place| ids[place % 5]);
        app.write(&file, page(listed.map(seen_then)));
        files.push(file);
    }
    files
}

on_both_engines! {
async fn the_order_of_files_does_not_matter(app: TestApp) {
    let files = some_lists(&app);
    app.import(["in"]).await;
    let other = app.another().await;
    some_lists(&other);
    let backwards: Vec<_> = files.iter().rev().map(String::as_str).collect();

    let ended = other.try_import(&backwards).await;

    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    other.tables().await.must_equal(&app.tables().await, "when files come backwards");
}
}

on_both_engines! {
async fn the_order_of_runs_does_not_matter_for_what_is_kept(app: TestApp) {
    let files = some_lists(&app);
    app.import(["in"]).await;
    let other = app.another().await;
    some_lists(&other);

    for step in 0..files.len() {
        other.import([&files[(step * 7 + 5) % files.len()]]).await;
    }

    let (one, all) = (other.tables().await, app.tables().await);
    assert!(one.tracks == all.tracks, "{:?}\n{:?}", one.tracks, all.tracks);
    assert!(one.snapshots == all.snapshots, "{:?}\n{:?}", one.snapshots, all.snapshots);
    assert_eq!(one.captures.len(), all.captures.len());
}
}

on_both_engines! {
async fn a_file_that_is_named_twice_is_read_once(app: TestApp) {
    app.write("in/2026-03-01.short_term.json", page(["a"].map(payload)));

    let account = app.import(["in/2026-03-01.short_term.json", "in"]).await;

    assert_eq!((account.read, account.new), (1, 1));
}
}

on_both_engines! {
async fn two_imports_at_once_end_as_one(app: TestApp) {
    let files = some_lists(&app);
    let backwards: Vec<_> = files.iter().rev().map(String::as_str).collect();
    let other = app.another().await;
    some_lists(&other);
    other.import(["in"]).await;

    let (one, two) = tokio::join!(app.try_import(&["in"]), app.try_import(&backwards));

    assert_eq!((one.code, two.code), (Some(0), Some(0)), "{} {}", one.stderr, two.stderr);
    let (both, alone) = (app.tables().await, other.tables().await);
    assert!(both.tracks == alone.tracks && both.snapshots == alone.snapshots);
}
}
