//! Writes that are on disk when they are acknowledged: inside the program beside `pgbench`, and over HTTP.

use crate::client::{Rate, load, put};
use crate::harness::postgres::programs;
use crate::library::{Engine, Library, Served};
use crate::lists;
use crate::table::{Tables, ms};
use crate::tracks::{track, track_id};
use chrono::{Days, NaiveDate};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

const CLIENTS: [usize; 3] = [1, 10, 32];
const LENGTH: Duration = Duration::from_secs(4);
/// Ranks and lists are written to days before those of the library.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day");

/// The statement for one rank.
const UPSERT: &str = "\
INSERT INTO snapshots (track_id, snapshot_date, time_range, rank)
SELECT :track, DATE '1970-01-01' + (:day)::integer, 'short_term', (:rank)::integer
ON CONFLICT (track_id, snapshot_date, time_range) DO UPDATE SET rank = excluded.rank;
";

pub async fn measure(library: &Library, tables: &mut Tables) {
    for spread in [false, true] {
        for clients in CLIENTS {
            inside(library, clients, spread, tables).await;
        }
    }
    let served = library.serve().await;
    for clients in CLIENTS {
        over_http(library, &served, clients, tables).await;
    }
}

async fn inside(library: &Library, clients: usize, spread: bool, tables: &mut Tables) {
    let one = stress(library, 1, 300, spread).await;
    let peer = match library.engine {
        Engine::Postgres => Some(pgbench(library, clients, spread).await),
        Engine::Sqlite => None,
    };
    let writes = (one * LENGTH.as_secs_f64()) as usize * clients;
    let ours = stress(library, clients, writes.clamp(500, 200_000), spread).await;
    let beside = |other: Option<f64>| match other {
        Some(other) => [format!("{other:.0}"), format!("{:.1}", ours / other)],
        None => ["–".into(), "–".into()],
    };
    let of_one = [format!("{:.1}", ours / one)];
    let name = if spread { "spread" } else { "one" };
    let figures = [
        library.engine.to_string(),
        name.into(),
        clients.to_string(),
        format!("{ours:.0}"),
    ];
    tables.row(
        "Ranks written inside the program, each on disk when it is acknowledged",
        &[
            "engine",
            "rows",
            "callers",
            "writes/s",
            "ours : one commit a write",
            "`pgbench`, writes/s",
            "ours : `pgbench`",
        ],
        figures.into_iter().chain(of_one).chain(beside(peer)),
    );
}

/// Returns writes a second. With one worker each write is committed alone.
async fn stress(library: &Library, workers: usize, writes: usize, spread: bool) -> f64 {
    let (workers, writes_text) = (workers.to_string(), writes.to_string());
    let mut args = vec!["stress", "--workers", &workers, "--writes", &writes_text];
    if spread {
        args.push("--spread");
    }
    let output = library.command(&args).output().await;
    let output = output.expect("the program can be started");
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    let seconds = printed
        .split_once(" completed in ")
        .and_then(|(_, rest)| rest.trim().trim_end_matches('s').parse::<f64>().ok());
    writes as f64 / seconds.unwrap_or_else(|| panic!("stress failed: {printed}"))
}

async fn pgbench(library: &Library, clients: usize, spread: bool) -> f64 {
    let script = library.folder.path().join("upsert.sql");
    let (track, day) = match spread {
        false => (track_id(0), "0".to_owned()),
        true => (track_id(1), "random(1, 20000)".to_owned()),
    };
    let text = format!("\\set rank random(1, 10000)\n\\set day {day}\n{UPSERT}");
    let text = text.replace(":track", &format!("'{track}'"));
    std::fs::write(&script, text).expect("the folder can be written");
    let (warm, measured) = (Duration::from_secs(1), LENGTH);
    let mut per_second = 0.0;
    for length in [warm, measured] {
        per_second = run_pgbench(library, &script, clients, length).await;
    }
    per_second
}

async fn run_pgbench(library: &Library, script: &Path, clients: usize, length: Duration) -> f64 {
    let cluster = library.cluster.as_ref().expect("a server");
    let program = programs().expect("PostgreSQL is installed").join("pgbench");
    let mut pgbench = Command::new(program);
    pgbench
        .args(["-n", "-M", "prepared", "-U", "postgres", "-j", "2"])
        .args(["-c", &clients.to_string()])
        .args(["-T", &length.as_secs().to_string()])
        .arg("-h")
        .arg(cluster.folder.path())
        .arg("-f")
        .arg(script)
        .arg("postgres")
        .stderr(Stdio::null());
    let output = pgbench.output().await.expect("pgbench can be started");
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    let tps = printed.lines().find_map(|line| line.strip_prefix("tps = "));
    let tps = tps.and_then(|line| line.split(' ').next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("pgbench failed: {printed}"))
}

async fn over_http(library: &Library, served: &Served, clients: usize, tables: &mut Tables) {
    let tracks = library.tracks;
    let rank = move |number: usize| {
        let track_id = track_id(number * 31 % tracks);
        let path = format!("/api/snapshots/{FIRST_DAY}/short_term/{track_id}");
        put(&path, &format!(r#"{{"rank":{}}}"#, number % 10_000 + 1))
    };
    let list = move |number: usize| {
        let mut random = fastrand::Rng::with_seed(number as u64);
        let first = number * 53 % (tracks - lists::length() + 1);
        let items: Vec<String> = (first..first + lists::length())
            .map(|number| track(number, &mut random))
            .collect();
        let date = FIRST_DAY + Days::new(number as u64 % 1000);
        let body = format!(r#"{{"items":[{}]}}"#, items.join(","));
        put(&format!("/api/snapshots/{date}/long_term"), &body)
    };
    let ranks = load(&served.origin, clients, LENGTH, None, rank).await;
    let lists = load(&served.origin, clients, LENGTH, None, list).await;
    let row = |what: &str, mut rate: Rate| {
        [
            library.engine.to_string(),
            what.into(),
            clients.to_string(),
            format!("{:.0}", rate.per_second),
            ms(rate.percentile(50)),
            ms(rate.percentile(99)),
        ]
    };
    for (what, rate) in [("a rank", ranks), ("a list of 50", lists)] {
        tables.row(
            "Writes over HTTP",
            &[
                "engine", "write", "clients", "writes/s", "p50, ms", "p99, ms",
            ],
            row(what, rate),
        );
    }
}
