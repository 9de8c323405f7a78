//! `cargo bench`: measures the program and prints the tables of `benches/README.md`.
//!
//! It fills a library of made-up tracks on each engine and measures the import beside `COPY`, reads
//! beside a static file, a flood of different queries, writes beside `pgbench`, and memory. All
//! servers listen on this machine only and are stopped at the end. It needs Linux and PostgreSQL's
//! programs. `benches/README.md` describes the variables that choose what is measured.

mod client;
mod fill;
mod flood;
mod library;
mod lists;
mod pages;
mod process;
mod reads;
mod table;
mod tracks;
mod uncached;
mod writes;

/// Shared with the tests.
#[path = "../../tests/app/harness"]
#[expect(dead_code, reason = "the tests use more of it")]
mod harness {
    pub mod cluster;
    pub mod postgres;
}

use library::{Engine, Library};
use table::Tables;

const TRACKS: &str = "10000,100000,1000000";
const ENGINES: &str = "sqlite,postgres";
const PARTS: &str = "fill,reads,pages,flood,writes";
/// Writes are measured on libraries of up to this many tracks.
const TRACKS_FOR_WRITES: usize = 10_000;

#[tokio::main]
async fn main() {
    // `cargo test --all-targets` runs this program too, without the argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let provider = rustls::crypto::ring::default_provider();
    provider.install_default().expect("it is the first"); // `reqwest` has none of its own
    let parts = words("BENCH_PARTS", PARTS);
    let is_known = |part: &str| PARTS.split(',').any(|known| known == part);
    let unknown = parts.iter().find(|part| !is_known(part));
    assert_eq!(unknown, None, "BENCH_PARTS: some of {PARTS}");
    println!("{}\n", process::machine());
    let mut tables = Tables::default();
    for engine in words("BENCH_ENGINES", ENGINES) {
        let engine = Engine::named(&engine).expect("BENCH_ENGINES: sqlite, postgres or both");
        for tracks in words("BENCH_TRACKS", TRACKS) {
            let tracks = tracks.parse().expect("BENCH_TRACKS: numbers of tracks");
            assert!(
                tracks >= lists::length(),
                "BENCH_TRACKS: as many as a list has, or more"
            );
            eprintln!("{engine}, {tracks} tracks");
            measure(engine, tracks, &parts, &mut tables).await;
        }
    }
    print!("{tables}");
}

/// The words of an environment variable, which are separated by commas.
fn words(name: &str, default: &str) -> Vec<String> {
    let given = std::env::var(name).unwrap_or_else(|_| default.into());
    given.split(',').map(str::to_owned).collect()
}

async fn measure(engine: Engine, tracks: usize, parts: &[String], tables: &mut Tables) {
    let is_wanted = |name: &str| parts.iter().any(|part| part == name);
    let library = Library::new(engine, tracks).await;
    let import = fill::import(&library).await;
    if is_wanted("fill") {
        fill::row(&library, import, tables).await;
    }
    lists::insert(&library).await;
    library.wait_for_autovacuum().await;
    if is_wanted("reads") {
        reads::measure(&library, tables).await;
    }
    if is_wanted("pages") {
        pages::measure(&library, tables).await;
    }
    if is_wanted("flood") {
        flood::measure(&library, tables).await;
    }
    if is_wanted("writes") && tracks <= TRACKS_FOR_WRITES {
        writes::measure(&library, tables).await;
    }
}
