//! The first command a newcomer runs: a full library, ready at once.

use crate::harness::program::{Server, program};
use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The demo, how long it took to listen, and where its database is: killed, it cannot tidy up.
pub async fn demo() -> (Server, Duration, TempDir) {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let mut command = program(["demo", "--port", "0"]);
    let started = Instant::now();
    let served = Server::start(command.env("TMPDIR", folder.path())).await;
    (served, started.elapsed(), folder)
}

async fn get(served: &Server, path: &str) -> Value {
    let response = reqwest::get(format!("{}{path}", served.origin))
        .await
        .expect("it answers");
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn the_demo_is_full_and_its_numbers_add_up() {
    let (served, took, _folder) = demo().await;

    let summary = get(&served, "/api/summary").await;
    let tracks = summary["track_count"].as_i64().expect("a count");
    assert!(
        took < Duration::from_secs(30),
        "the demo listened after {took:?}"
    );
    assert!(tracks > 500, "{summary}");
    assert!(summary["snapshot_count"].as_i64() > Some(900), "{summary}");
    for name in ["release-decade", "release-year", "explicit"] {
        let distribution = get(&served, &format!("/api/{name}-distribution")).await;
        let counts = distribution["data"].as_array().expect("counts").iter();
        let rest = [&distribution["other_count"], &distribution["unknown_count"]];
        let sum: i64 = counts
            .chain(rest)
            .map(|count| count.as_i64().expect("a count"))
            .sum();
        assert_eq!(sum, tracks, "{distribution}");
        assert!(
            distribution["data"]
                .as_array()
                .is_some_and(|data| data.len() > 1)
        );
    }
    for range in ["short_term", "medium_term", "long_term"] {
        let lists = get(
            &served,
            &format!("/api/snapshots?time_range={range}&limit=1"),
        )
        .await;
        let day = lists["items"][0]["snapshot_date"].as_str().expect("a day");
        let list = get(&served, &format!("/api/snapshots/{day}/{range}")).await;
        assert_eq!(
            list["items"].as_array().map(Vec::len),
            Some(50),
            "{day} {range}"
        );
    }
}

#[tokio::test]
async fn the_demo_has_three_years_of_lists_and_no_release_after_the_last() {
    let (served, _, _folder) = demo().await;

    let summary = get(&served, "/api/summary").await;

    let [first, latest] = ["first_snapshot_date", "latest_snapshot_date"].map(|name| {
        let day = summary[name].as_str().expect("a day");
        day.parse::<NaiveDate>().expect("a day")
    });
    assert_eq!((latest - first).num_days(), 1107);
    let years = get(&served, "/api/release-year-distribution").await;
    let newest = years["labels"][0].as_str().expect("a year");
    let newest: i32 = newest.parse().expect("a year");
    let latest_years = latest.year() - 1..=latest.year();
    assert!(latest_years.contains(&newest), "{years}, {latest}");
}

#[tokio::test]
async fn the_demo_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let mut command = program(["demo", "--port", "0"]);
    command.current_dir(&folder).env("TMPDIR", folder.path());
    let mut served = Server::start(&mut command).await;
    let page = reqwest::get(format!("{}/dashboard", served.origin))
        .await
        .expect("it answers");

    let code = served.stop("TERM").await;

    assert_eq!(page.status(), 200);
    assert_eq!(code, Some(0), "{}", served.log());
    let left: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
