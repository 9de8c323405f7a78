//! Reads: while nothing changes, after a change, and beside a writer.

use crate::client::{Connection, get, load, put};
use crate::fill::track_id;
use crate::library::{Library, Served};
use crate::process::{cpu, memory_mb};
use crate::questions;
use crate::table::Tables;
use sea_orm::{ConnectionTrait, Statement};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 50;
const LENGTH: Duration = Duration::from_secs(4);
const PAGES: [&str; 2] = ["/dashboard", "/api/release-decade-distribution"];
/// Rows a second, of the writer beside the readers.
const WRITES: f64 = 100.0;
const CHANGES: usize = 15;
const ASKED: usize = 100_000;

/// The one pass behind every release chart.
const CUBE: &str = "SELECT release_year, explicit, count(*) FROM tracks GROUP BY 1, 2";

pub async fn measure(library: &Library, tracks: usize, tables: &mut Tables) {
    let served = library.serve().await;
    memory(library, &served, tracks, tables).await;
    let saturated = unchanged(library, &served, tracks, tables).await;
    beside_a_writer(library, &served, tracks, &saturated, tables).await;
    after_a_change(library, &served, tracks, tables).await;
    questions::measure(library, &served, tracks, tables).await;
}

async fn memory(library: &Library, served: &Served, tracks: usize, tables: &mut Tables) {
    let at_rest_mb = memory_mb(served.process).0;
    let mut connection = Connection::open(&served.origin).await;
    let dashboard = get("/dashboard");
    for _ in 0..ASKED {
        connection.ask(&dashboard).await;
    }
    let (after_mb, peak_mb) = memory_mb(served.process);
    tables.row(
        "Start and memory",
        &[
            "engine",
            "tracks",
            "start to first answer, ms",
            "at rest, MB",
            "after 100,000 dashboards, MB",
            "peak, MB",
        ],
        [
            library.engine.to_string(),
            tracks.to_string(),
            ms(served.first_answer),
            format!("{at_rest_mb:.0}"),
            format!("{after_mb:.0}"),
            format!("{peak_mb:.0}"),
        ],
    );
}

/// The saturated rate of each page.
async fn unchanged(
    library: &Library,
    served: &Served,
    tracks: usize,
    tables: &mut Tables,
) -> Vec<f64> {
    let mut saturated = Vec::new();
    for path in PAGES {
        let (constant, constant_size) = constant_like(served, size(served, path).await).await;
        // One behind the other, twice, so that a busy moment of the machine meets both.
        let (mut of_page, mut of_constant) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            of_page.push(saturate(served, path).await);
            of_constant.push(saturate(served, &constant).await);
        }
        let (page, cost) = best(&of_page);
        let (like, cost_of_like) = best(&of_constant);
        let request = get(path);
        let half = load(&served.origin, CONNECTIONS, LENGTH, Some(page / 2.0), {
            move |_| request.clone()
        });
        let half = half.await;
        tables.row(
            "Reads while nothing changes, 50 connections",
            &[
                "engine",
                "tracks",
                "endpoint",
                "bytes",
                "requests/s",
                "constant's bytes",
                "constant's requests/s",
                "page : constant",
                "CPU a request, µs",
                "constant's, µs",
                "p50 at half rate, ms",
                "p99, ms",
            ],
            [
                library.engine.to_string(),
                tracks.to_string(),
                format!("`{path}`"),
                size(served, path).await.to_string(),
                format!("{page:.0}"),
                constant_size.to_string(),
                format!("{like:.0}"),
                format!("{:.2}", page / like),
                format!("{cost:.0}"),
                format!("{cost_of_like:.0}"),
                ms(half.percentile(50)),
                ms(half.percentile(99)),
            ],
        );
        saturated.push(page);
    }
    saturated
}

fn best(runs: &[(f64, f64)]) -> (f64, f64) {
    let best = runs.iter().max_by(|one, other| one.0.total_cmp(&other.0));
    *best.expect("there was a run")
}

/// Requests a second, and the program's CPU time for one in µs.
async fn saturate(served: &Served, path: &str) -> (f64, f64) {
    let request = get(path);
    let before = cpu(served.process);
    let outcome = load(&served.origin, CONNECTIONS, LENGTH, None, move |_| {
        request.clone()
    })
    .await;
    let cost = cpu(served.process) - before;
    let requests = outcome.per_second * LENGTH.as_secs_f64();
    (outcome.per_second, cost.as_secs_f64() * 1e6 / requests)
}

async fn size(served: &Served, path: &str) -> usize {
    Connection::open(&served.origin).await.ask(&get(path)).await
}

/// Of the files that belong to the program the one that is nearest in size, and its size.
async fn constant_like(served: &Served, wanted: usize) -> (String, usize) {
    let page = reqwest::get(format!("{}/dashboard", served.origin)).await;
    let page = page.expect("the program answers").text().await;
    let page = page.expect("the page is text");
    let paths = page.split('"').filter(|text| text.starts_with("/assets/"));
    let mut found = Vec::new();
    for path in paths {
        found.push((path.to_owned(), size(served, path).await));
    }
    let nearest = found
        .into_iter()
        .min_by_key(|(_, size)| size.abs_diff(wanted));
    nearest.expect("the page has assets")
}

async fn beside_a_writer(
    library: &Library,
    served: &Served,
    tracks: usize,
    saturated: &[f64],
    tables: &mut Tables,
) {
    for (path, unchanged) in PAGES.into_iter().zip(saturated) {
        let writes = move |number| rank(number, tracks);
        let writer = load(&served.origin, 1, LENGTH, Some(WRITES), writes);
        let request = get(path);
        let reads = load(&served.origin, CONNECTIONS, LENGTH, None, {
            move |_| request.clone()
        });
        let (writer, reads) = tokio::join!(writer, reads);
        tables.row(
            "Reads beside a writer of 100 rows a second",
            &[
                "engine",
                "tracks",
                "endpoint",
                "requests/s",
                "of those unchanged",
                "p50, ms",
                "p99, ms",
                "rows written/s",
                "write p99, ms",
            ],
            [
                library.engine.to_string(),
                tracks.to_string(),
                format!("`{path}`"),
                format!("{:.0}", reads.per_second),
                format!("{:.2}", reads.per_second / unchanged),
                ms(reads.percentile(50)),
                ms(reads.percentile(99)),
                format!("{:.0}", writer.per_second),
                ms(writer.percentile(99)),
            ],
        );
    }
}

/// Puts a rank on the latest list, which is one of 50 tracks.
pub fn rank(number: usize, tracks: usize) -> Vec<u8> {
    let track = track_id(number % 50 * 31 % tracks);
    let rank = number % 10_000 + 1;
    let path = format!("/api/snapshots/2026-07-01/short_term/{track}");
    put(&path, &format!(r#"{{"rank":{rank}}}"#))
}

async fn after_a_change(library: &Library, served: &Served, tracks: usize, tables: &mut Tables) {
    let direct = library.connect().await;
    let raw = Statement::from_string(direct.get_database_backend(), CUBE);
    let mut connection = Connection::open(&served.origin).await;
    let (mut in_sql, mut pages, mut cost) = (Vec::new(), [Vec::new(), Vec::new()], Duration::ZERO);
    for number in 0..CHANGES {
        let started = Instant::now();
        direct.query_all_raw(raw.clone()).await.expect("it answers");
        in_sql.push(started.elapsed());
        for (path, times) in PAGES.into_iter().zip(&mut pages) {
            connection
                .ask(&rank(number + times.len() * 97, tracks))
                .await;
            let before = library.database_cpu();
            let started = Instant::now();
            connection.ask(&get(path)).await;
            times.push(started.elapsed());
            if path == PAGES[1] {
                cost += library.database_cpu() - before;
            }
        }
    }
    direct.close().await.expect("a connection closes");
    let [dashboard, decades] = pages.map(median);
    let in_sql = median(in_sql);
    tables.row(
        "The first answer after a change",
        &[
            "engine",
            "tracks",
            "pass in SQL, ms",
            "decades, ms",
            "decades : SQL",
            "database's CPU, ms",
            "dashboard, ms",
        ],
        [
            library.engine.to_string(),
            tracks.to_string(),
            ms(in_sql),
            ms(decades),
            format!("{:.2}", decades.div_duration_f64(in_sql)),
            ms(cost / CHANGES as u32),
            ms(dashboard),
        ],
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

pub fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}
