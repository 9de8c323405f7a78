//! Evolution as JSON, as CSV and as a page.

use crate::demo::demo;
use crate::harness::browser::Browser;
use crate::harness::{Client, Engine, TestApp, on_both_engines, page, payload};
use serde_json::{Value, json};

const SHORT: &str = "short_term";

async fn evolution(app: &Client, query: &str) -> Value {
    app.json(&format!("/api/evolution{query}")).await
}

async fn html(app: &Client, query: &str) -> String {
    let page = app.get(&format!("/evolution{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

/// Some members of the rows of a table.
fn rows(answer: &Value, table: &str, members: &[&str]) -> Value {
    let rows = answer[table].as_array().expect("a table").iter();
    let cells = |row: &Value| Value::from_iter(members.iter().map(|member| row[member].clone()));
    rows.map(cells).collect()
}

fn must_have(page: &str, text: &str) {
    assert!(page.contains(text), "{text:?} is not in {page}");
}

fn must_not_have(page: &str, text: &str) {
    assert!(!page.contains(text), "{text:?} is in {page}");
}

#[tokio::test]
async fn the_page_is_accessible_and_scrolls_never_sideways() {
    let (served, _, _folder) = demo().await;
    let browser = Browser::start().await;
    let url = format!("{}/evolution", served.origin);

    for (width, scheme) in [
        (1280, "light"),
        (800, "dark"),
        (390, "dark"),
        (320, "light"),
    ] {
        browser.open(&url, width, scheme).await;
        browser
            .run(
                "document.querySelectorAll('details').forEach(details => { details.open = true; })",
            )
            .await;

        browser.must_be_quiet(&served.origin).await;
        let sideways =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.run(sideways).await, 0, "at {width}");
        let place = format!("on the page at {width}, {scheme}");
        browser.must_be_accessible(None, &place).await;
    }
    browser.close().await;
}

on_both_engines! {
async fn a_period_selects_the_lists_but_not_what_they_are_compared_with(app: TestApp) {
    // 181, 180 and 0 days before the last day.
    app.put_list("2026-01-01", SHORT, ["a", "b"]).await;
    app.put_list("2026-01-02", SHORT, ["a", "c"]).await;
    app.put_list("2026-07-01", SHORT, ["b", "c", "d"]).await;

    let found = evolution(&app, "?period=6m").await;

    let members = ["snapshot_date", "newcomer_count", "track_count"];
    let turnover = rows(&found, "turnover", &members);
    assert_eq!(turnover, json!([["2026-01-02", 1, 2], ["2026-07-01", 2, 3]]));
    let discoveries = rows(&found, "discoveries", &["snapshot_date", "track_count"]);
    assert_eq!(discoveries, json!([["2026-01-02", 1], ["2026-07-01", 1]]));
    assert_eq!(rows(&found, "growth", &["month", "track_count"]), json!([["2026-01", 1], ["2026-07", 1]]));
    assert_eq!(rows(&found, "drift", &["snapshot_date"]), json!([["2026-01-02"], ["2026-07-01"]]));
    assert_eq!((found["list_count"].clone(), found["from"].clone()), (json!(2), json!("2026-01-02")));
    // Stays are all those since the first list: a, b twice, c, and d.
    assert_eq!(found["stay_count"], 5);
}
}

on_both_engines! {
async fn a_track_is_first_seen_on_a_list_of_any_range(app: TestApp) {
    app.put_list("2026-03-01", "long_term", ["a"]).await;
    app.put_list("2026-03-02", SHORT, ["a", "b"]).await;
    app.put_list("2026-03-03", "medium_term", ["b", "c"]).await;
    app.put_list("2026-03-03", SHORT, ["a", "b", "c"]).await;

    let found = evolution(&app, "?time_range=short_term").await;

    let discoveries = rows(&found, "discoveries", &["snapshot_date", "track_count"]);
    assert_eq!(discoveries, json!([["2026-03-02", 1], ["2026-03-03", 1]]));
    assert_eq!(rows(&found, "growth", &["month", "track_count"]), json!([["2026-03", 2]]));
}
}

on_both_engines! {
async fn lists_after_as_of_do_not_count(app: TestApp) {
    app.put_list("2026-03-01", SHORT, ["a", "b"]).await;
    app.put_list("2026-03-02", SHORT, ["a", "c"]).await;
    app.put_list("2026-03-03", SHORT, ["d"]).await;
    let before = evolution(&app, "?as_of=2026-03-02").await;

    app.put_list("2099-01-01", SHORT, ["e"]).await;

    assert_eq!(evolution(&app, "?as_of=2026-03-02").await, before);
    assert_eq!(before["ongoing_stay_count"], 2);
    let latest = evolution(&app, "").await;
    assert_eq!((latest["as_of"].clone(), latest["list_count"].clone()), (json!("2026-03-03"), json!(3)));
}
}

on_both_engines! {
async fn a_day_before_the_first_list_has_no_evolution(app: TestApp) {
    let nothing = evolution(&app, "").await;
    let page = html(&app, "").await;
    app.put_list("2026-03-01", SHORT, ["a"]).await;

    let before = evolution(&app, "?as_of=2026-02-28").await;
    let other_range = html(&app, "?time_range=long_term").await;

    assert_eq!((nothing["turnover"].clone(), nothing.get("as_of")), (json!([]), None));
    must_have(&page, "No dated list is kept yet.");
    assert_eq!((before["turnover"].clone(), before["survival"].clone()), (json!([]), json!([])));
    assert_eq!(before["list_count"], 0);
    must_have(&other_range, "No long term list was kept");
    must_have(&html(&app, "?as_of=2026-02-28").await, "No short term list was kept");
}
}

on_both_engines! {
async fn the_half_life_is_left_out_until_half_of_the_stays_have_ended(app: TestApp) {
    app.put_list("2026-03-01", SHORT, ["a", "b", "c"]).await;
    app.put_list("2026-03-03", SHORT, ["a", "b", "c"]).await;
    let none = evolution(&app, "").await;
    app.put_list("2026-03-04", SHORT, ["a"]).await;

    let found = evolution(&app, "").await;

    assert_eq!(none.get("half_life_days"), None);
    must_have(&html(&app, "?as_of=2026-03-03").await, "Not yet reached by 3 stays");
    // Days without a list inside a stay count.
    assert_eq!(found["half_life_days"], 3);
    assert_eq!((found["stay_count"].clone(), found["ongoing_stay_count"].clone()), (json!(3), json!(1)));
}
}

on_both_engines! {
async fn turnover_is_also_counted_above_the_ties(app: TestApp) {
    app.put_list("2026-03-01", SHORT, ["z", "y", "a", "b", "c", "d", "e"]).await;
    app.put_list("2026-03-02", SHORT, ["z", "x", "a", "b", "c", "d", "e", "f"]).await;
    app.put_list("2026-03-03", SHORT, ["a", "b", "c", "d", "e", "f"]).await;

    let found = evolution(&app, "").await;

    let members = ["newcomer_count", "track_count", "newcomer_count_above_ties", "track_count_above_ties"];
    assert_eq!(rows(&found, "turnover", &members), json!([[2, 8, 1, 2], [0, 6, 0, 0]]));
    must_have(&html(&app, "").await, "all tied");
}
}

on_both_engines! {
async fn artists_are_counted_by_name(app: TestApp) {
    let by = |id: &str, artist: &str, name: &str| {
        let artist_id = json!(artist);
        payload(id).with("artists/0/name", name).with("artists/0/id", artist_id)
    };
    let list = [by("a", "1", "Nova"), by("b", "2", "Nova"), by("c", "3", "Échö"), by("d", "3", "Zed")];
    app.put_json("/api/snapshots/2026-02-28/short_term", page(list.clone())).await;
    app.put_json("/api/snapshots/2026-03-01/short_term", page(list[..3].to_vec())).await;

    let found = evolution(&app, "").await;

    let artists = rows(&found, "consistent_artists", &["artist_name", "artist_key", "day_count"]);
    // The tracks by Nova have two ids.
    assert_eq!(artists, json!([["Nova", "name:Nova", 2], ["Échö", "3", 2], ["Zed", "3", 1]]));
    let diversity = rows(&found, "diversity", &["month", "artist_count"]);
    assert_eq!(diversity, json!([["2026-02", 3], ["2026-03", 2]]));
    assert_eq!(found["artist_count"], 3);
    must_have(&html(&app, "").await, "href=\"/artists/name:Nova\"");
}
}

on_both_engines! {
async fn the_first_ten_are_those_of_the_last_list_of_each_week(app: TestApp) {
    // The 1st and the 8th of March 2026 are Sundays.
    app.put_list("2026-03-01", SHORT, ["a"]).await;
    app.put_list("2026-03-02", SHORT, ["b"]).await;
    app.put_list("2026-03-08", SHORT, ["c", "a"]).await;
    app.put_list("2026-03-16", SHORT, ["l", "k", "j", "i", "h", "g", "f", "e", "d", "c", "a"]).await;

    let found = evolution(&app, "").await;

    let first = &found["top_ten"][0];
    assert_eq!((first["track_id"].clone(), first["week_count"].clone()), (json!("a"), json!(2)));
    let weeks = json!([
        { "snapshot_date": "2026-03-01", "place": 1 },
        { "snapshot_date": "2026-03-08", "place": 2 },
    ]);
    assert_eq!(first["weeks"], weeks);
    assert_eq!(rows(&found, "top_ten", &["track_id"]).as_array().map(Vec::len), Some(11));
    let page = html(&app, "").await;
    must_have(&page, "11 tracks stood among the first ten in 3 weeks.");
    // The week from the 9th on has no list.
    must_have(&page, "<path class=\"no-list\" d=\"M2 0h1v10h-1z\">");
}
}

on_both_engines! {
async fn a_page_of_one_list_says_what_its_parts_need(app: TestApp) {
    app.put_list("2026-03-01", SHORT, ["a", "b"]).await;

    let page = html(&app, "").await;

    must_have(&page, "1 of 1 day kept");
    must_have(&page, "Needs two lists");
    must_have(&page, "No stay has ended yet. That needs at least two lists.");
    must_have(&page, "2 tracks stood among the first ten in 1 week.");
}
}

on_both_engines! {
async fn unknown_words_are_refused_by_the_api_and_ignored_by_the_page(app: TestApp) {
    app.put_list("2024-01-01", SHORT, ["a"]).await;
    app.put_list("2026-03-01", SHORT, ["a"]).await;

    app.get("/api/evolution?period=1y").await.problem(400, Some("period"));
    app.get("/api/evolution?as_of=yesterday").await.problem(400, Some("as_of"));

    let usual = html(&app, "").await;
    assert_eq!(html(&app, "?period=1y&time_range=ever&as_of=yesterday&x=y").await, usual);
    assert_eq!(html(&app, "?period=12m&time_range=short_term").await, usual);
    must_have(&usual, "1 of 366 days kept");
    must_have(&html(&app, "?period=all").await, "2 of 791 days kept");
}
}

on_both_engines! {
async fn an_earlier_day_is_named_and_leads_to_the_latest(app: TestApp) {
    app.put_list("2026-03-01", SHORT, ["a"]).await;
    app.put_list("2026-03-02", SHORT, ["a"]).await;

    let earlier = html(&app, "?as_of=2026-03-01&period=all").await;

    must_have(&earlier, "later lists are not counted");
    must_have(&earlier, "href=\"/evolution?time_range=short_term&amp;period=all\">Show the latest");
    // The tabs keep the day.
    must_have(&earlier, "href=\"/evolution?time_range=long_term&amp;period=all&amp;as_of=2026-03-01\"");
    must_not_have(&html(&app, "").await, "later lists are not counted");
    must_not_have(&html(&app, "?as_of=2026-03-02").await, "later lists are not counted");
}
}

on_both_engines! {
async fn a_period_without_lists_leads_to_all_lists(app: TestApp) {
    app.put_list("2024-01-01", SHORT, ["a"]).await;
    app.put_list("2026-03-01", "long_term", ["a"]).await;

    let page = html(&app, "").await;

    must_have(&page, "No short term list was kept in this period.");
    must_have(&page, "href=\"/evolution?time_range=short_term&amp;period=all\">Show all lists");
}
}

on_both_engines! {
async fn each_table_is_csv(app: TestApp) {
    let formula = payload("b").with("artists/0/name", "=1+1").with("artists/0/id", "x");
    app.put_list("2026-03-01", SHORT, ["a"]).await;
    app.put_json("/api/snapshots/2026-03-02/short_term", page([formula])).await;
    let csv = async |table: &str| {
        let response = app.get(&format!("/api/evolution?format=csv&table={table}")).await;
        assert_eq!(response.status, 200, "{}", response.body);
        response.body
    };

    app.get("/api/evolution?format=csv").await.problem(400, Some("table"));
    app.get("/api/evolution?format=csv&table=half_life_days").await.problem(400, Some("table"));

    let turnover = "snapshot_date,newcomer_count,track_count,newcomer_count_above_ties,track_count_above_ties\r\n2026-03-02,1,1,1,1\r\n";
    assert_eq!(csv("turnover").await, turnover);
    assert_eq!(csv("discoveries").await, "snapshot_date,track_count\r\n2026-03-01,1\r\n2026-03-02,1\r\n");
    assert_eq!(csv("growth").await, "month,track_count\r\n2026-03,2\r\n");
    assert_eq!(csv("diversity").await, "month,artist_count\r\n2026-03,2\r\n");
    let artists = "artist_name,artist_key,day_count\r\n'=1+1,x,1\r\nArtist of a,artist-a,1\r\n";
    assert_eq!(csv("consistent_artists").await, artists);
    assert_eq!(csv("drift").await, "snapshot_date,rank_biased_overlap,kendall_distance\r\n2026-03-02,0.0,1.0\r\n");
    assert_eq!(csv("survival").await, "day_count,share\r\n1,0.5\r\n");
    assert_eq!(csv("top_ten").await.lines().count(), 3);
}
}

on_both_engines! {
async fn rows_of_another_program_with_hostile_names_are_text_on_the_page(app: TestApp) {
    let long = "x".repeat(1000);
    let tracks = format!(
        "('a, 1 b', '<script>alert(1)</script>', 'AC/DC'), ('b', '\u{202e}abc', 'name:x'), ('c', '{long}', ''), ('d', '', '{long}')"
    );
    app.database.execute(&format!("INSERT INTO tracks (track_id, name, artist_name) VALUES {tracks}")).await;
    app.database.execute(
        "INSERT INTO snapshots (track_id, snapshot_date, time_range, rank) VALUES
        ('a, 1 b', '2026-03-01', 'short_term', 1), ('b', '2026-03-01', 'short_term', 1), ('c', '2026-03-01', 'short_term', 7),
        ('a, 1 b', '2026-03-02', 'short_term', 1), ('d', '2026-03-02', 'short_term', 3)"
    ).await;

    let page = html(&app, "").await;
    let found = evolution(&app, "").await;

    must_not_have(&page, "<script>alert");
    must_have(&page, "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>");
    must_have(&page, "href=\"/tracks/a%2C%201%20b\"");
    must_have(&page, "href=\"/artists/name:AC%2FDC\"");
    must_have(&page, "href=\"/artists/name:name:x\"");
    must_have(&page, "Untitled");
    must_have(&page, "Unknown artist");
    assert_eq!(rows(&found, "turnover", &["newcomer_count", "track_count"]), json!([[1, 2]]));
    let keys = rows(&found, "consistent_artists", &["artist_name", "artist_key"]);
    assert_eq!(keys[0], json!(["AC/DC", "name:AC/DC"]));
    assert_eq!(keys[1], json!(["", null]));
}
}
