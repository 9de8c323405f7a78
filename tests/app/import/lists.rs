//! The last list of a day and range that has tracks replaces the whole list before it.

use crate::harness::import::Lists;
use crate::harness::{Engine, TestApp, on_both_engines, page, payload};
use entity::capture::Outcome::{Captured, Degraded, Empty, Failed, Unchanged};

const MORNING: &str = "2026-03-01T080000Z.short_term.json";
const NOON: &str = "2026-03-01T120000Z.short_term.json";
const EVENING: &str = "2026-03-01T200000Z.short_term.json";

on_both_engines! {
async fn a_track_that_left_the_list_is_gone_from_it(app: TestApp) {
    app.import_list("2026-03-01", "short_term", ["a", "b"]).await;

    app.import_list("2026-03-01", "short_term", ["b"]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["b"]);
}
}

on_both_engines! {
async fn of_several_lists_of_a_day_the_latest_is_kept(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(NOON, page(["b", "a", "c"].map(payload)));
    app.write(EVENING, page(["c", "b"].map(payload)));

    let account = app.import([NOON, EVENING, MORNING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["c", "b"]);
    assert_eq!(account.lists, Lists { captured: 1, superseded: 2, ..Lists::default() });
    assert_eq!((account.read, account.new, account.duplicate), (7, 3, 4));
}
}

on_both_engines! {
async fn an_earlier_list_that_comes_in_a_later_run_does_not_replace(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(EVENING, page(["c"].map(payload)));
    app.import([EVENING]).await;

    let account = app.import([MORNING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["c"]);
    assert_eq!(account.lists, Lists { superseded: 1, ..Lists::default() });
}
}

on_both_engines! {
async fn a_later_list_that_comes_in_a_later_run_replaces(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(EVENING, page(["c"].map(payload)));
    app.import([MORNING]).await;

    let account = app.import([EVENING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["c"]);
    assert_eq!(account.lists, Lists { captured: 1, ..Lists::default() });
}
}

on_both_engines! {
async fn the_same_list_again_is_unchanged(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(EVENING, page(["a", "b"].map(payload)));
    app.import([MORNING]).await;

    let account = app.import([EVENING]).await;

    assert_eq!(account.lists, Lists { unchanged: 1, ..Lists::default() });
    assert_eq!(app.tables().await.outcomes(), [Captured, Unchanged]);
}
}

on_both_engines! {
async fn an_empty_list_replaces_nothing_and_is_in_the_ledger(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(EVENING, page([]));

    let account = app.import([MORNING, EVENING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
    assert_eq!(account.lists, Lists { captured: 1, empty: 1, ..Lists::default() });
    assert_eq!(app.tables().await.outcomes(), [Captured, Empty]);
}
}

on_both_engines! {
async fn a_day_with_an_empty_list_alone_has_no_list(app: TestApp) {
    app.write(MORNING, page([]));

    app.import([MORNING]).await;

    let answer = app.get("/api/snapshots/2026-03-01/short_term").await;
    answer.problem(404, None);
    assert_eq!(app.json("/api/summary").await["snapshot_count"], 0);
}
}

on_both_engines! {
async fn the_ranks_of_a_degraded_list_count_and_its_payloads_do_not(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.write(EVENING, page(["b", "a", "new"].map(|id| payload(id).degraded())));

    let account = app.import([MORNING, EVENING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["b", "a", "new"]);
    assert_eq!(account.lists, Lists { degraded: 1, superseded: 1, ..Lists::default() });
    assert_eq!(app.json("/api/tracks/a").await["release_year"], 1999);
    assert_eq!(app.json("/api/tracks/new").await.get("release_year"), None);
    assert_eq!(app.tables().await.outcomes(), [Captured, Degraded]);
}
}

on_both_engines! {
async fn a_degraded_list_may_come_first(app: TestApp) {
    app.write(EVENING, page(["b", "a"].map(|id| payload(id).degraded())));
    app.write("2026-02-01.short_term.json", page(["a"].map(payload)));
    app.import([EVENING]).await;

    app.import(["2026-02-01.short_term.json"]).await;

    assert_eq!(app.json("/api/tracks/a").await["release_year"], 1999);
    assert_eq!(app.json("/api/tracks/b").await["raw_json"]["album"]["release_date"], "0000");
}
}

on_both_engines! {
async fn one_bad_item_refuses_the_whole_list_and_is_named(app: TestApp) {
    app.write(MORNING, page(["a", "b"].map(payload)));
    app.import([MORNING]).await;
    let bad = payload("x").with("id", 17);
    app.write(EVENING, page([payload("c"), payload("d"), payload("e"), bad, payload("f")]));

    let (account, refused) = app.import_with_report(EVENING).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
    assert_eq!((account.read, account.refused), (5, 5));
    assert_eq!(account.lists, Lists::default());
    assert_eq!(refused[3].position, "items[3].id");
    assert_eq!(app.tables().await.outcomes(), [Captured, Failed]);
    app.get("/api/tracks/c").await.problem(404, None);
}
}

on_both_engines! {
async fn a_repeated_id_keeps_its_best_rank_and_leaves_the_other_place_empty(app: TestApp) {
    app.import_list("2026-03-01", "short_term", ["a", "b", "a", "c"]).await;

    let list = app.json("/api/snapshots/2026-03-01/short_term").await;

    let ranks: Vec<_> = list["items"].as_array().expect("items").iter().map(|item| {
        (item["rank"].as_i64().expect("a rank"), item["track_id"].as_str().expect("an id"))
    }).collect();
    assert_eq!(ranks, [(1, "a"), (2, "b"), (4, "c")]);
}
}

on_both_engines! {
async fn the_flags_say_day_and_range_where_the_path_does_not(app: TestApp) {
    app.write("top.json", page(["a"].map(payload)));

    app.import(["--date", "2026-03-05", "--time-range", "medium_term", "top.json"]).await;

    assert_eq!(app.list("2026-03-05", "medium_term").await, ["a"]);
}
}

on_both_engines! {
async fn a_list_without_a_date_counts_as_tracks_alone(app: TestApp) {
    app.write("top.json", page(["a", "b"].map(payload)));

    let account = app.import(["top.json"]).await;

    assert_eq!((account.read, account.new), (2, 2));
    assert_eq!(account.lists, Lists::default());
    assert_eq!(app.json("/api/summary").await["snapshot_count"], 0);
}
}

on_both_engines! {
async fn a_list_may_be_called_tracks(app: TestApp) {
    let mut list = page(["c", "d"].map(payload));
    list["tracks"] = list["items"].take();
    list.as_object_mut().expect("an object").remove("items");
    app.write(MORNING, list);

    app.import([MORNING]).await;

    assert_eq!(app.list("2026-03-01", "short_term").await, ["c", "d"]);
}
}

on_both_engines! {
async fn a_later_page_takes_no_list_s_place(app: TestApp) {
    app.import_list("2026-03-01", "short_term", ["a", "b"]).await;
    let mut later = page(["c", "d"].map(payload));
    later["offset"] = 50.into();
    app.write("2026-03-01T200000Z.short_term.json", later);

    let (account, refused) = app.import_with_report("2026-03-01T200000Z.short_term.json").await;

    assert_eq!((account.read, account.refused), (2, 2));
    assert!(refused[0].reason.contains("offset"), "{}", refused[0].reason);
    assert_eq!(app.list("2026-03-01", "short_term").await, ["a", "b"]);
}
}
