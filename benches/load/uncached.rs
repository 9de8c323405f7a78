//! Requests whose responses are not cached: a list, a track's history, a page of tracks, a search for a prefix.

use crate::client::Connection;
use crate::library::{Library, Served};
use crate::lists::DAYS;
use crate::reads::time_after_change;
use crate::table::{Tables, ms, percentile};
use crate::tracks::track_id;
use chrono::Days;

const REQUESTS: usize = 300;

pub async fn measure(library: &Library, served: &Served, tables: &mut Tables) {
    let today = library.today;
    let list = move |number: usize| {
        let date = today - Days::new((number % DAYS) as u64);
        format!("/api/snapshots/{date}/long_term")
    };
    let any = |number: usize| number * 7919 % library.tracks;
    let history = |number| format!("/api/tracks/{}/history", track_id(any(number)));
    let page = |number| format!("/api/tracks?limit={}", 50 + number % 50);
    let prefix = |number| format!("/api/tracks?q=song%20{:03x}", any(number) % 4096);
    let paths: [&dyn Fn(usize) -> String; 4] = [&list, &history, &page, &prefix];
    let mut figures = vec![library.engine.to_string(), library.tracks.to_string()];
    let mut connection = Connection::open(&served.origin).await;
    for path in paths {
        let mut times = Vec::new();
        for number in 0..REQUESTS {
            times.push(time_after_change(&mut connection, library, &path(number)).await);
        }
        figures.push(ms(percentile(&mut times, 50)));
        figures.push(ms(percentile(&mut times, 99)));
    }
    tables.row(
        "Requests whose responses are not cached, one at a time, over HTTP",
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
