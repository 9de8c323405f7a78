//! `cargo bench`: what the program costs, as tables for `benches/README.md`.
//!
//! It fills a library of made-up tracks of about 3 KB on each engine, and measures the import
//! beside `COPY`, reads beside a constant, writes beside `pgbench`, and memory. Everything it
//! starts listens on this machine alone and is gone at the end. `BENCH_TRACKS=10000,100000` says
//! how many tracks, `BENCH_ENGINES=postgres` on which engine; it needs Linux and PostgreSQL's
//! programs.

mod client;
mod fill;
mod library;
mod process;
mod questions;
mod reads;
mod table;
mod writes;

/// What the tests stand on, too.
#[path = "../../tests/app/harness"]
#[expect(dead_code, reason = "the tests use more of it")]
mod harness {
    pub mod cluster;
    pub mod postgres;
}

use library::{Engine, Library};

const TRACKS: &str = "10000,100000,1000000";
const ENGINES: &str = "sqlite,postgres";

#[tokio::main]
async fn main() {
    // `cargo test --all-targets` runs it as well, to no end.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let words = |name, default: &str| {
        let given = std::env::var(name).unwrap_or_else(|_| default.into());
        given.split(',').map(str::to_owned).collect::<Vec<_>>()
    };
    println!("{}\n", process::machine());
    let mut tables = table::Tables::default();
    for engine in words("BENCH_ENGINES", ENGINES) {
        let engine = Engine::named(&engine).expect("BENCH_ENGINES: sqlite, postgres or both");
        for tracks in words("BENCH_TRACKS", TRACKS) {
            let tracks = tracks.parse().expect("BENCH_TRACKS: numbers of tracks");
            eprintln!("{engine}, {tracks} tracks");
            let library = Library::new(engine).await;
            fill::measure(&library, tracks, &mut tables).await;
            reads::measure(&library, tracks, &mut tables).await;
            if tracks <= writes::SMALL {
                writes::measure(&library, tracks, &mut tables).await;
            }
        }
    }
    print!("{tables}");
}
