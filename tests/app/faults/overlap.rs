//! Several ways in at the same time.

use crate::harness::recorder::Load;
use crate::harness::rig::Client;
use crate::harness::{Account, Engine, TestApp, on_both_engines, page, payload};

/// Lists of many tracks that both imports have, in another order.
fn lists(app: &TestApp, folder: &str, step: usize) {
    for day in 1..=28 {
        let ids = (0..50).map(|place| format!("t{}", (day + place * step) % 211));
        let list = page(ids.map(|id| payload(&id)));
        app.write(&format!("{folder}/2026-03-{day:02}/medium_term.json"), list);
    }
}

on_both_engines! {
async fn imports_and_requests_write_at_the_same_time_and_all_end_well(app: TestApp) {
    lists(&app, "one", 7);
    lists(&app, "two", 210);
    let client = Client::of(&app.served.origin);
    let load = Load::start(&client, 2, 5).await;

    let (one, two) = tokio::join!(
        app.run(&["import", "--json", "one"]),
        app.run(&["import", "--json", "two"])
    );
    let record = load.stop().await;

    for ended in [one, two] {
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let account = Account::of(&ended);
        assert_eq!((account.read, account.refused), (28 * 50, 0));
    }
    record.must_be_fair();
    record.must_be_kept(&client).await;
    for day in 1..=28 {
        let list = app.list(&format!("2026-03-{day:02}"), "medium_term").await;
        let from = |step: usize| (0..50).map(|place| format!("t{}", (day + place * step) % 211)).collect::<Vec<_>>();
        assert!(list == from(7) || list == from(210), "day {day}: {list:?}");
    }
}
}
