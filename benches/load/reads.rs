//! Reads: while nothing changes, beside a writer, and after a change.

use crate::client::{Connection, get, load, put};
use crate::library::{Library, Served};
use crate::lists::latest;
use crate::process::{cpu, memory_mb};
use crate::table::{Tables, ms, percentile};
use crate::uncached;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

pub const CONNECTIONS: usize = 50;
/// How often the time after a change is measured.
pub const CHANGES: usize = 15;
const LENGTH: Duration = Duration::from_secs(4);
const PAGES: [&str; 2] = ["/dashboard", "/api/release-decade-distribution"];
/// Ranks a second of the writer beside the readers.
const WRITES: f64 = 100.0;
const DASHBOARDS: usize = 100_000;

/// The counts behind every chart of releases.
const COUNTS: &str = "SELECT release_year, explicit, count(*) FROM tracks GROUP BY 1, 2";

pub async fn measure(library: &Library, tables: &mut Tables) {
    let served = library.serve().await;
    memory(library, &served, tables).await;
    for path in PAGES {
        let unchanged = unchanged(library, &served, path, tables).await;
        beside_a_writer(library, &served, path, unchanged, tables).await;
    }
    after_a_change(library, &served, tables).await;
    uncached::measure(library, &served, tables).await;
}

async fn memory(library: &Library, served: &Served, tables: &mut Tables) {
    let at_rest_mb = memory_mb(served.process).0;
    let mut connection = Connection::open(&served.origin).await;
    let dashboard = get("/dashboard");
    for _ in 0..DASHBOARDS {
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
            library.tracks.to_string(),
            ms(served.first_response),
            format!("{at_rest_mb:.0}"),
            format!("{after_mb:.0}"),
            format!("{peak_mb:.0}"),
        ],
    );
}

/// Returns the highest rate of requests for this page.
async fn unchanged(library: &Library, served: &Served, path: &str, tables: &mut Tables) -> f64 {
    let mut connection = Connection::open(&served.origin).await;
    let size = connection.ask(&get(path)).await;
    let (file, file_size) = file_of_size(served, size).await;
    // Alternately and twice, so that other load on the machine affects both.
    let (mut of_page, mut of_file) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        of_page.push(saturate(served, path).await);
        of_file.push(saturate(served, &file).await);
    }
    let (page_rate, page_cpu) = best(&of_page);
    let (file_rate, file_cpu) = best(&of_file);
    let request = get(path);
    let half_rate = Some(page_rate / 2.0);
    let mut half = load(&served.origin, CONNECTIONS, LENGTH, half_rate, move |_| {
        request.clone()
    })
    .await;
    tables.row(
        "Reads while nothing changes, 50 connections",
        &[
            "engine",
            "tracks",
            "endpoint",
            "bytes",
            "requests/s",
            "file's bytes",
            "file's requests/s",
            "page : file",
            "CPU a request, µs",
            "file's, µs",
            "p50 at half rate, ms",
            "p99, ms",
        ],
        [
            library.engine.to_string(),
            library.tracks.to_string(),
            format!("`{path}`"),
            size.to_string(),
            format!("{page_rate:.0}"),
            file_size.to_string(),
            format!("{file_rate:.0}"),
            format!("{:.2}", page_rate / file_rate),
            format!("{page_cpu:.0}"),
            format!("{file_cpu:.0}"),
            ms(half.percentile(50)),
            ms(half.percentile(99)),
        ],
    );
    page_rate
}

fn best(runs: &[(f64, f64)]) -> (f64, f64) {
    let best = runs.iter().max_by(|one, other| one.0.total_cmp(&other.0));
    *best.expect("there was a run")
}

/// Returns requests a second, and the program's CPU time for one in µs.
async fn saturate(served: &Served, path: &str) -> (f64, f64) {
    let request = get(path);
    let before = cpu(served.process);
    let rate = load(&served.origin, CONNECTIONS, LENGTH, None, move |_| {
        request.clone()
    })
    .await;
    let cpu = cpu(served.process) - before;
    let requests = rate.per_second * LENGTH.as_secs_f64();
    (rate.per_second, cpu.as_secs_f64() * 1e6 / requests)
}

/// The static file of the program that is nearest in size, and its size.
async fn file_of_size(served: &Served, wanted: usize) -> (String, usize) {
    let page = reqwest::get(format!("{}/dashboard", served.origin)).await;
    let page = page.expect("the program answers").text().await;
    let page = page.expect("the page is text");
    let mut connection = Connection::open(&served.origin).await;
    let mut files = Vec::new();
    for path in page.split('"').filter(|text| text.starts_with("/assets/")) {
        files.push((path.to_owned(), connection.ask(&get(path)).await));
    }
    let nearest = files
        .into_iter()
        .min_by_key(|(_, size)| size.abs_diff(wanted));
    nearest.expect("the page has assets")
}

async fn beside_a_writer(
    library: &Library,
    served: &Served,
    path: &str,
    unchanged: f64,
    tables: &mut Tables,
) {
    let writes = rank(library);
    let writer = load(&served.origin, 1, LENGTH, Some(WRITES), writes);
    let request = get(path);
    let reader = load(&served.origin, CONNECTIONS, LENGTH, None, move |_| {
        request.clone()
    });
    let (mut writer, mut reader) = tokio::join!(writer, reader);
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
            library.tracks.to_string(),
            format!("`{path}`"),
            format!("{:.0}", reader.per_second),
            format!("{:.2}", reader.per_second / unchanged),
            ms(reader.percentile(50)),
            ms(reader.percentile(99)),
            format!("{:.0}", writer.per_second),
            ms(writer.percentile(99)),
        ],
    );
}

/// Requests that change one rank of the latest list each, to one that no track of it has at first.
fn rank(library: &Library) -> impl Fn(usize) -> Vec<u8> + Clone + Send + 'static {
    let (today, list) = (library.today, latest(library.tracks));
    let changes = library.changes.clone();
    move |_| {
        let change = changes.fetch_add(1, Ordering::Relaxed);
        let track_id = &list[change % list.len()];
        let rank = list.len() + 1 + change % 9_000;
        let path = format!("/api/snapshots/{today}/short_term/{track_id}");
        put(&path, &format!(r#"{{"rank":{rank}}}"#))
    }
}

/// Changes a rank, and then measures one request.
pub async fn time_after_change(
    connection: &mut Connection,
    library: &Library,
    path: &str,
) -> Duration {
    connection.ask(&rank(library)(0)).await;
    let request = get(path);
    let started = Instant::now();
    connection.ask(&request).await;
    started.elapsed()
}

async fn after_a_change(library: &Library, served: &Served, tables: &mut Tables) {
    let direct = library.connect().await;
    let counts = Statement::from_string(direct.get_database_backend(), COUNTS);
    let mut connection = Connection::open(&served.origin).await;
    let (mut in_sql, mut dashboard, mut decades) = (Vec::new(), Vec::new(), Vec::new());
    let mut cpu = Duration::ZERO;
    for _ in 0..CHANGES {
        let started = Instant::now();
        let counted = direct.query_all_raw(counts.clone()).await;
        counted.expect("the database answers");
        in_sql.push(started.elapsed());
        let [page, chart] = PAGES;
        dashboard.push(time_after_change(&mut connection, library, page).await);
        let before = library.database_cpu();
        decades.push(time_after_change(&mut connection, library, chart).await);
        cpu += library.database_cpu() - before;
    }
    direct.close().await.expect("a connection closes");
    let [in_sql, dashboard, decades] =
        [in_sql, dashboard, decades].map(|mut times| percentile(&mut times, 50));
    tables.row(
        "The first answer after a change",
        &[
            "engine",
            "tracks",
            "counts in SQL, ms",
            "decades, ms",
            "decades : SQL",
            "database's CPU, ms",
            "dashboard, ms",
        ],
        [
            library.engine.to_string(),
            library.tracks.to_string(),
            ms(in_sql),
            ms(decades),
            format!("{:.2}", decades.div_duration_f64(in_sql)),
            ms(cpu / CHANGES as u32),
            ms(dashboard),
        ],
    );
}
