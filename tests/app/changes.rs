//! What changed between two lists: as JSON, as CSV, and as a page.

use crate::demo::demo;
use crate::harness::browser::Browser;
use crate::harness::{Engine, TestApp, must_have, on_both_engines, page, payload, texts};
use serde_json::Value;

const LATER: &str = "/api/snapshots/2025-03-08/short_term/changes";

/// Three lists: of the latest, `a` climbed, `b` fell, `c` held, `d` is back, `e` is new; `f` and `g` left.
async fn put_three_lists(app: &TestApp) {
    app.put_list("2025-02-01", "short_term", ["d", "b"]).await;
    app.put_list("2025-03-01", "short_term", ["b", "f", "c", "a", "g"])
        .await;
    app.put_list("2025-03-08", "short_term", ["a", "b", "c", "d", "e"])
        .await;
}

fn ids(changes: &Value, group: &str) -> Vec<String> {
    texts(&changes[group], "track_id")
}

on_both_engines! {
async fn the_tracks_of_a_list_are_grouped_by_how_they_moved(app: TestApp) {
    put_three_lists(&app).await;

    let changes = app.json(LATER).await;

    assert_eq!(changes["since"], "2025-03-01");
    let groups = ["new", "back", "climbed", "fell", "held", "left"].map(|group| ids(&changes, group).join(" "));
    assert_eq!(groups, ["e", "d", "a", "b", "c", "f g"]);
    assert_eq!((&changes["newcomer_count"], &changes["track_count"]), (&2.into(), &5.into()));
    let above_ties = (&changes["newcomer_count_above_ties"], &changes["track_count_above_ties"]);
    assert_eq!(above_ties, (&2.into(), &5.into()));
    let climbed = &changes["climbed"][0];
    assert_eq!((&climbed["rank"], &climbed["previous_rank"]), (&1.into(), &4.into()));
    assert_eq!(climbed["artist_key"], "artist-a");
    assert!(climbed["cover_url"].is_string(), "{climbed}");
    assert_eq!(changes["new"][0].get("previous_rank"), None);
    let left = &changes["left"][0];
    assert_eq!((left.get("rank"), &left["previous_rank"]), (None, &2.into()));
    assert!(changes["rank_biased_overlap"].as_f64().is_some_and(|overlap| 0.0 < overlap && overlap < 1.0));
    assert!(changes["kendall_distance"].as_f64().is_some_and(|distance| 0.0 < distance && distance < 1.0));
}
}

on_both_engines! {
async fn a_list_is_compared_with_the_day_that_is_asked_for(app: TestApp) {
    put_three_lists(&app).await;

    let changes = app.json(&format!("{LATER}?since=2025-02-01")).await;

    assert_eq!(changes["since"], "2025-02-01");
    // On a list before, though not on that one.
    assert_eq!(ids(&changes, "back"), ["a", "c"]);
    assert_eq!(ids(&changes, "fell"), ["d"]);
    assert_eq!(ids(&changes, "left"), [""; 0]);
}
}

on_both_engines! {
async fn the_first_list_has_nothing_to_compare_with(app: TestApp) {
    app.put_list("2025-01-01", "long_term", ["a"]).await;
    put_three_lists(&app).await;

    let changes = app.json("/api/snapshots/2025-02-01/short_term/changes").await;

    let empty: Vec<Value> = Vec::new();
    assert_eq!(changes, serde_json::json!({
        "track_count": 2, "track_count_above_ties": 2,
        "new": empty, "back": empty, "climbed": empty, "fell": empty, "held": empty, "left": empty,
    }));
}
}

on_both_engines! {
async fn both_days_must_be_kept_and_in_order(app: TestApp) {
    put_three_lists(&app).await;

    for since in ["2025-03-08", "2025-03-09"] {
        app.get(&format!("{LATER}?since={since}")).await.problem(400, Some("since"));
    }
    app.get(&format!("{LATER}?since=2025-02-02")).await.problem(404, None);
    app.get("/api/snapshots/2025-03-07/short_term/changes").await.problem(404, None);
    app.get("/api/snapshots/2025-03-08/long_term/changes").await.problem(404, None);
    app.get(&format!("{LATER}?since=yesterday")).await.problem(400, Some("since"));
    app.get(&format!("{LATER}?before=2025-03-01")).await.problem(400, Some("before"));
}
}

on_both_engines! {
async fn each_group_is_a_table(app: TestApp) {
    put_three_lists(&app).await;

    let climbed = app.get(&format!("{LATER}?format=csv&table=climbed")).await;
    let left = app.get(&format!("{LATER}?format=csv&table=left")).await;

    let columns = "rank,track_id,name,artist_name,artist_key,album_name,duration_ms,spotify_url,release_year,explicit,cover_url,previous_rank";
    assert_eq!(climbed.body.lines().next(), Some(columns));
    assert!(climbed.body.lines().nth(1).is_some_and(|row| row.starts_with("1,a,") && row.ends_with(",4")), "{}", climbed.body);
    let previous: Vec<_> = left.body.lines().skip(1).map(|row| row.split(',').next().unwrap_or_default()).collect();
    assert_eq!(previous, ["2", "5"]);
    app.get(&format!("{LATER}?format=csv")).await.problem(400, Some("table"));
    app.get(&format!("{LATER}?format=csv&table=since")).await.problem(400, Some("table"));
}
}

on_both_engines! {
async fn turnover_is_also_given_above_the_ties(app: TestApp) {
    app.put_list("2025-03-01", "short_term", ["z", "y", "1", "2", "3", "4", "5", "6"]).await;
    app.put_list("2025-03-08", "short_term", ["z", "x", "2", "3", "4", "5", "6", "7"]).await;

    let changes = app.json(LATER).await;

    assert_eq!((&changes["tied_from"], &changes["since_tied_from"]), (&3.into(), &3.into()));
    assert_eq!((&changes["newcomer_count"], &changes["track_count"]), (&2.into(), &8.into()));
    let above_ties = (&changes["newcomer_count_above_ties"], &changes["track_count_above_ties"]);
    assert_eq!(above_ties, (&1.into(), &2.into()));
}
}

/// Where a page leads to at once.
async fn redirection(app: &TestApp, address: &str) -> String {
    let response = app.get(address).await;
    assert_eq!(response.status, 307, "{address}: {}", response.body);
    response.header("location").to_owned()
}

on_both_engines! {
async fn the_page_of_changes_leads_to_the_latest_comparison(app: TestApp) {
    put_three_lists(&app).await;

    assert_eq!(redirection(&app, "/changes").await, "/changes/short_term/2025-03-01/2025-03-08");
    assert_eq!(redirection(&app, "/changes?time_range=weekly&page=7").await, "/changes/short_term/2025-03-01/2025-03-08");
    app.put_list("2025-03-09", "short_term", ["a"]).await;
    assert_eq!(redirection(&app, "/changes").await, "/changes/short_term/2025-03-08/2025-03-09");
}
}

on_both_engines! {
async fn a_range_with_one_list_says_what_changes_need(app: TestApp) {
    app.put_list("2025-03-01", "long_term", ["a"]).await;

    for range in ["short_term", "long_term"] {
        let page = app.main_part(&format!("/changes?time_range={range}")).await;
        must_have(&page, &["changes need two lists"]);
    }
}
}

on_both_engines! {
async fn a_form_leads_to_the_nearest_kept_days_and_the_page_says_so(app: TestApp) {
    put_three_lists(&app).await;
    let compare = async |since: &str, date: &str| redirection(&app, &format!("/changes?since={since}&date={date}")).await;

    assert_eq!(compare("2025-02-01", "2025-03-08").await, "/changes/short_term/2025-02-01/2025-03-08");
    // At or before the day; after it when there is none before.
    let moved = compare("2025-01-15", "2025-03-07").await;
    assert_eq!(moved, "/changes/short_term/2025-02-01/2025-03-01?since=2025-01-15&date=2025-03-07");
    // In order; of one day, beside the list before; of the first day, beside the next.
    assert_eq!(compare("2025-03-08", "2025-03-01").await.split('?').next(), Some("/changes/short_term/2025-03-01/2025-03-08"));
    assert_eq!(compare("2025-03-01", "2025-03-01").await.split('?').next(), Some("/changes/short_term/2025-02-01/2025-03-01"));
    assert_eq!(compare("2025-01-01", "2025-01-02").await.split('?').next(), Some("/changes/short_term/2025-02-01/2025-03-01"));

    let page = app.main_part(&moved).await;
    must_have(&page, &["No short term list was kept on", "Wed 15 Jan 2025", "Fri 7 Mar 2025"]);
    let page = app.main_part("/changes/short_term/2025-02-01/2025-03-01?since=2025-02-01").await;
    assert!(!page.contains("No short term list"), "{page}");
}
}

on_both_engines! {
async fn days_without_a_list_are_not_found_and_the_nearest_are_offered(app: TestApp) {
    put_three_lists(&app).await;

    let page = app.get("/changes/short_term/2025-02-03/2025-03-08").await;

    assert_eq!(page.status, 404);
    must_have(&page.body, &[
        "No short term list was kept on", "/lists/2025-02-01/short_term", "/lists/2025-03-01/short_term",
        "/changes/short_term/2025-02-01/2025-03-08",
    ]);
    for address in ["/changes/short_term/2025-02-30/2025-03-08", "/changes/weekly/2025-02-01/2025-03-08"] {
        assert_eq!(app.get(address).await.status, 404, "{address}");
    }
    assert_eq!(
        redirection(&app, "/changes/short_term/2025-03-08/2025-03-01").await,
        "/changes/short_term/2025-03-01/2025-03-08"
    );
}
}

on_both_engines! {
async fn the_page_of_two_lists_shows_each_group(app: TestApp) {
    put_three_lists(&app).await;

    let page = app.main_part("/changes/short_term/2025-03-01/2025-03-08").await;

    must_have(&page, &[
        "1 new, 1 back", "Rank on", "Farthest up: <bdi>Name of a</bdi>, 4 to 1.", "Farthest down: <bdi>Name of b</bdi>, 1 to 2.",
        "/artists/artist-a", "/tracks/a", "turnover 40 %", "a month before",
        "value=\"/changes/short_term/2025-03-01/2025-03-08\"",
        "/api/snapshots/2025-03-08/short_term/changes?since=2025-03-01&amp;format=csv&amp;table=left",
    ]);
    // A preset is the kept day at or before.
    must_have(&page, &["<a href=\"/changes/short_term/2025-02-01/2025-03-08\">a month before</a>"]);
    assert!(!page.contains("a year before"), "{page}");
    assert_eq!(page.matches("class=\"changed-track\"").count(), 7);
    assert!(!page.contains("style="), "the content security policy allows no inline style");
}
}

on_both_engines! {
async fn rows_in_the_tied_tail_are_muted(app: TestApp) {
    app.put_list("2025-03-01", "short_term", ["z", "y", "1", "2", "3", "4", "5", "6"]).await;
    app.put_list("2025-03-08", "short_term", ["z", "x", "2", "3", "4", "5", "6", "7"]).await;

    let page = app.main_part("/changes/short_term/2025-03-01/2025-03-08").await;

    // Of the later list 2 to 7, of the earlier one 1, which left.
    assert_eq!(page.matches("changed-track muted").count(), 7);
    must_have(&page, &["turnover 25 %, 50 % above the ties", "Spotify breaks ties by id"]);
    assert!(!page.contains("Farthest up"), "{page}");
}
}

on_both_engines! {
async fn equal_and_disjoint_lists_are_said_to_be_so(app: TestApp) {
    app.put_list("2025-03-01", "short_term", ["b", "a", "c"]).await;
    app.put_list("2025-03-02", "short_term", ["b", "a", "c"]).await;
    app.put_list("2025-03-03", "short_term", ["e"]).await;

    let equal = app.main_part("/changes/short_term/2025-03-01/2025-03-02").await;
    let disjoint = app.main_part("/changes/short_term/2025-03-02/2025-03-03").await;

    must_have(&equal, &["The two lists are equal: 3 tracks at the same ranks.", "overlap 1.00"]);
    must_have(&disjoint, &["No track is on both lists.", "1 new, 0 back", "overlap 0.00"]);
    let changes = app.json("/api/snapshots/2025-03-03/short_term/changes").await;
    assert_eq!((&changes["rank_biased_overlap"], &changes["kendall_distance"]), (&0.0.into(), &1.0.into()));
    let changes = app.json("/api/snapshots/2025-03-02/short_term/changes").await;
    assert_eq!((changes["held"].as_array().map(Vec::len), &changes["kendall_distance"]), (Some(3), &0.0.into()));
}
}

on_both_engines! {
async fn long_lists_are_cut_on_the_page_and_whole_in_the_answer(app: TestApp) {
    let ids = |first: usize| (first..first + 250).map(|id| payload(&format!("{:03}", (id * 7) % 997)));
    app.put_json("/api/snapshots/2025-03-01/short_term", page(ids(0))).await;
    app.put_json("/api/snapshots/2025-03-08/short_term", page(ids(150))).await;

    let changes = app.json(LATER).await;
    let page = app.main_part("/changes/short_term/2025-03-01/2025-03-08").await;

    assert_eq!((changes["new"].as_array().map(Vec::len), changes["climbed"].as_array().map(Vec::len)), (Some(150), Some(100)));
    must_have(&page, &["the first 100 of each", "And 50 more tracks; all are in the JSON."]);
    assert!(!page.contains("And 1 more"), "{page}");
}
}

on_both_engines! {
async fn hostile_names_are_text_on_the_page(app: TestApp) {
    let hostile = "<script>alert(1)</script>\u{202e}\u{2067}";
    let tracks = |name: &str| page([payload("a"), payload("b").named(name).with("artists/0/name", name).with("artists/0/id", "AC/DC")]);
    app.put_json("/api/snapshots/2025-03-01/short_term", tracks(hostile)).await;
    app.put_json("/api/snapshots/2025-03-08/short_term", page([payload("b").named(hostile)])).await;

    let page = app.main_part("/changes/short_term/2025-03-01/2025-03-08").await;

    assert!(!page.contains("<script>alert"), "{page}");
    must_have(&page, &["<bdi>&lt;script&gt;"]);
}
}

/// How far the page can be scrolled sideways.
const SIDEWAYS: &str =
    "const page = document.documentElement; return page.scrollWidth - page.clientWidth;";

#[tokio::test]
async fn the_pages_of_changes_and_gems_are_accessible_at_every_width_and_colour_scheme() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;

    for path in ["/changes", "/gems", "/gems/discoveries", "/gems/rotation"] {
        let url = format!("{}{path}", served.origin);
        for (width, scheme) in [(1280, "light"), (390, "dark"), (320, "light")] {
            browser.open(&url, width, scheme).await;
            browser
                .wait_until("document.readyState === 'complete'")
                .await;

            browser.must_be_quiet(&served.origin).await;
            assert_eq!(browser.run(SIDEWAYS).await, 0, "{path} at {width}");
            let place = format!("on {path} at {width}, {scheme}");
            browser.must_be_accessible(None, &place).await;
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn the_script_completes_the_address_and_adds_the_button() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;
    browser
        .open(&format!("{}/changes", served.origin), 1280, "light")
        .await;
    browser
        .wait_until("document.querySelector('.copy button')")
        .await;

    let address = browser
        .run("return document.querySelector('.copy input').value === location.href")
        .await;

    assert_eq!(address, true);
    browser.close().await;
}
