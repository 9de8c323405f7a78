//! Questions whose answers are not kept: a list, a track's history, a page, names by their beginning.

use crate::client::{Connection, get};
use crate::fill::track_id;
use crate::library::{Library, Served};
use crate::reads::{ms, rank};
use crate::table::Tables;
use std::time::{Duration, Instant};

const QUESTIONS: usize = 300;

pub async fn measure(library: &Library, served: &Served, tracks: usize, tables: &mut Tables) {
    let day = |number: usize| {
        let last = chrono::NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
        last - chrono::Days::new(number as u64)
    };
    let any = move |number: usize| number * 7919 % tracks;
    let day = move |number| format!("/api/snapshots/{}/long_term", day(number));
    let history = move |number| format!("/api/tracks/{}/history", track_id(any(number)));
    let page = |number| format!("/api/tracks?limit={}", 50 + number % 50);
    let prefix = move |number| format!("/api/tracks?q=song%20{:03x}", any(number) % 4096);
    let asked: [&dyn Fn(usize) -> String; 4] = [&day, &history, &page, &prefix];
    let mut figures = vec![library.engine.to_string(), tracks.to_string()];
    for path in asked {
        let mut times = ask(served, tracks, path).await;
        times.sort();
        figures.push(ms(times[times.len() / 2]));
        figures.push(ms(times[times.len() * 99 / 100]));
    }
    tables.row(
        "Questions whose answers are not kept, one at a time, over HTTP",
        &[
            "engine",
            "tracks",
            "list p50, ms",
            "p99",
            "history p50, ms",
            "p99",
            "page p50, ms",
            "p99",
            "prefix p50, ms",
            "p99",
        ],
        figures,
    );
}

/// A write before each makes sure that no kept answer is good.
async fn ask(served: &Served, tracks: usize, path: &dyn Fn(usize) -> String) -> Vec<Duration> {
    let mut connection = Connection::open(&served.origin).await;
    let mut times = Vec::new();
    for number in 0..QUESTIONS {
        connection.ask(&rank(number, tracks)).await;
        let request = get(&path(number));
        let started = Instant::now();
        connection.ask(&request).await;
        times.push(started.elapsed());
    }
    times
}
