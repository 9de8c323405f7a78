//! The strip of days on the dashboard, at dates of the test's own.

use crate::harness::{Client, Engine, TestApp, on_both_engines};
use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::{ArgMatches, Args, Command, FromArgMatches};
use music_time_machine::clock::Clock;
use music_time_machine::config::Config;
use music_time_machine::web;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The server in this process, with a clock that the test sets.
struct Clocked {
    client: Client,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Clocked {
    async fn start(app: &TestApp, now: &str, zone: chrono_tz::Tz) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener
            .local_addr()
            .expect("an address")
            .port()
            .to_string();
        drop(listener);
        let line = ["test", "--database-url", &app.database.url, "--port", &port];
        let matches: ArgMatches = Config::augment_args(Command::new("test")).get_matches_from(line);
        let config = Config::from_arg_matches(&matches).expect("the settings are valid");
        let now = Arc::new(Mutex::new(now.parse().expect("an instant")));
        let clock = Clock::new(zone, {
            let now = now.clone();
            move || *now.lock().expect("no holder panics")
        });
        tokio::spawn(async move { web::serve(&config, clock).await });
        let client = Client::new(&format!("http://127.0.0.1:{port}"));
        client.retry_get("/readyz", Duration::from_secs(20)).await;
        Self { client, now }
    }

    fn set(&self, now: &str) {
        *self.now.lock().expect("no holder panics") = now.parse().expect("an instant");
    }

    /// The page from the strip on.
    async fn strip(&self) -> String {
        let page = self.client.get("/dashboard").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let (_, strip) = page
            .body
            .split_once("kept-days")
            .expect("the page has a strip");
        strip.to_owned()
    }
}

fn must_have(strip: &str, text: &str) {
    assert!(strip.contains(text), "{text:?} is not in {strip}");
}

on_both_engines! {
async fn days_before_the_first_list_are_not_missed(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-02", "short_term", ["b", "a"]).await;
    app.put_list("2026-03-04", "short_term", ["b", "a"]).await;

    let server = Clocked::start(&app, "2026-03-05T12:00:00Z", chrono_tz::UTC).await;

    must_have(&server.strip().await, "3 of the last 5 days kept; 2 missed");
}
}

on_both_engines! {
async fn the_strip_ends_today_in_the_time_zone(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let server = Clocked::start(&app, "2026-03-01T22:59:00Z", chrono_tz::Europe::Berlin).await;

    must_have(&server.strip().await, "1 of 1 day kept");
    server.set("2026-03-01T23:00:00Z");
    must_have(&server.strip().await, "1 of the last 2 days kept; 1 missed");
}
}

on_both_engines! {
async fn a_library_without_a_list_for_half_a_year_says_where_its_strip_ends(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let server = Clocked::start(&app, "2026-08-29T12:00:00Z", chrono_tz::UTC).await;

    must_have(&server.strip().await, "1 of the last 182 days kept; 181 missed");
    server.set("2026-08-30T12:00:00Z");
    let strip = server.strip().await;
    must_have(&strip, "1 of 1 day kept");
    must_have(&strip, "up to the latest list");
}
}

on_both_engines! {
async fn narrow_screens_get_a_sentence_on_thirteen_weeks(app: TestApp) {
    let today = NaiveDate::from_ymd_opt(2026, 3, 5).expect("a day");
    for ago in [0, 50, 150, 181, 182] {
        app.put_list(&(today - Days::new(ago)).to_string(), "short_term", ["a"]).await;
    }

    let server = Clocked::start(&app, "2026-03-05T12:00:00Z", chrono_tz::UTC).await;

    let strip = server.strip().await;
    must_have(&strip, "4 of the last 182 days kept; 178 missed");
    must_have(&strip, "2 of the last 91 days kept; 89 missed");
}
}

on_both_engines! {
async fn narrow_screens_get_no_table_if_their_weeks_went_well(app: TestApp) {
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
    for ago in (0..91).chain([100]) {
        app.put_list(&(today - Days::new(ago)).to_string(), "short_term", ["a"]).await;
    }

    let server = Clocked::start(&app, "2026-06-01T12:00:00Z", chrono_tz::UTC).await;

    let strip = server.strip().await;
    must_have(&strip, "92 of the last 101 days kept; 9 missed");
    must_have(&strip, "<p class=\"all-well on-narrow-screens\">91 of the last 91 days kept</p>");
}
}

on_both_engines! {
async fn a_day_with_the_list_of_the_day_before_is_the_same(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-03", "short_term", ["a", "b"]).await;
    app.put_list("2026-03-04", "short_term", ["b", "a"]).await;

    let server = Clocked::start(&app, "2026-03-04T12:00:00Z", chrono_tz::UTC).await;

    let strip = server.strip().await;
    // One more of each is in the legend.
    let count = |class: &str| strip.matches(&format!("rect class=\"{class}\"")).count() - 1;
    assert_eq!((count("kept"), count("same"), count("missed")), (2, 1, 1), "{strip}");
    assert!(!strip.contains("unchanged"), "{strip}");
}
}

on_both_engines! {
async fn a_deleted_list_is_not_missed(app: TestApp) {
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        app.put_list(day, "short_term", ["a"]).await;
    }
    app.delete("/api/snapshots/2026-03-02/short_term").await;

    let server = Clocked::start(&app, "2026-03-03T12:00:00Z", chrono_tz::UTC).await;

    must_have(&server.strip().await, "2 of 2 days kept");
}
}

on_both_engines! {
async fn the_strip_is_about_one_range(app: TestApp) {
    app.put_list("2026-02-01", "long_term", ["a"]).await;
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    app.put_list("2026-03-02", "long_term", ["a"]).await;

    let server = Clocked::start(&app, "2026-03-02T12:00:00Z", chrono_tz::UTC).await;

    let strip = server.strip().await;
    must_have(&strip, "Short term");
    must_have(&strip, "1 of the last 2 days kept; 1 missed");
}
}

on_both_engines! {
async fn a_list_that_was_deleted_and_then_refused_has_failed(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    app.put_list("2026-03-02", "short_term", ["b"]).await;
    app.delete("/api/snapshots/2026-03-02/short_term").await;
    app.put("/api/snapshots/2026-03-02/short_term", "{\"items\":[1]}").await.problem(400, Some("items[0]"));

    let server = Clocked::start(&app, "2026-03-02T12:00:00Z", chrono_tz::UTC).await;

    must_have(&server.strip().await, "1 of the last 2 days kept; 1 failed");
}
}

on_both_engines! {
async fn lists_of_the_future_are_not_on_the_strip(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    app.put_list("2099-01-01", "short_term", ["a"]).await;

    let server = Clocked::start(&app, "2026-03-02T12:00:00Z", chrono_tz::UTC).await;

    must_have(&server.strip().await, "1 of the last 2 days kept; 1 missed");
}
}
