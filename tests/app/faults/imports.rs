//! Imports and requests write at the same time.

use crate::harness::load::Load;
use crate::harness::{Account, Engine, TestApp, on_both_engines, page, payload};

/// The list of one day. Another step gives the same tracks in another order.
fn ids(day: usize, step: usize) -> Vec<String> {
    (0..50)
        .map(|index| format!("t{}", (day + index * step) % 211))
        .collect()
}

fn write_lists(app: &TestApp, folder: &str, step: usize) {
    for day in 1..=28 {
        let list = page(ids(day, step).iter().map(|id| payload(id)));
        app.write(&format!("{folder}/2026-03-{day:02}/medium_term.json"), list);
    }
}

on_both_engines! {
async fn two_imports_and_requests_can_write_at_the_same_time(app: TestApp) {
    write_lists(&app, "one", 7);
    write_lists(&app, "two", 210);
    let load = Load::start(&app, 2, 5).await;

    let (one, two) = tokio::join!(
        app.run(&["import", "--json", "one"]),
        app.run(&["import", "--json", "two"])
    );
    let record = load.stop().await;

    for output in [one, two] {
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        let account = Account::of(&output);
        assert_eq!((account.read, account.refused), (28 * 50, 0));
    }
    record.must_be_ok_or_busy();
    record.must_be_stored(&app).await;
    for day in 1..=28 {
        let list = app.list(&format!("2026-03-{day:02}"), "medium_term").await;
        assert!(list == ids(day, 7) || list == ids(day, 210), "day {day}: {list:?}");
    }
}
}
