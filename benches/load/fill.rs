//! Fills a library, and measures the import beside `COPY` of the same rows.

use crate::library::{Engine, Library};
use crate::process::{cpu, memory_mb, size_mb};
use crate::table::Tables;
use sea_orm::ConnectionTrait;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const TITLE: &str = "Import";
const COLUMNS: &[&str] = &[
    "engine",
    "tracks",
    "import, s",
    "tracks/s",
    "CPU of import + database, s",
    "`COPY`, s",
    "CPU of `COPY`, s",
    "CPU, import : `COPY`",
    "peak memory, MB",
    "input, MB",
    "database, MB",
];

/// Three years of them.
const DAYS: usize = 1100;
/// Snapshots to a track.
const RANKS: usize = 5;
/// Tracks on a list of the long term; those of the others are as long as it takes.
const TOP: usize = 50;

pub async fn measure(library: &Library, tracks: usize, tables: &mut Tables) {
    let input = library.folder.path().join("tracks.ndjson");
    write_tracks(&input, tracks);
    let input_mb = size_mb(&input);
    let migrated = library
        .command(&["migrate"])
        .stdout(Stdio::null())
        .status()
        .await;
    assert!(migrated.expect("the program can be started").success());

    let (time, cpu, peak_mb) = import(library, &input).await;
    std::fs::remove_file(&input).expect("it is ours");
    let copy = match library.engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(copy(library).await),
    };
    let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    tables.row(
        TITLE,
        COLUMNS,
        [
            library.engine.to_string(),
            tracks.to_string(),
            seconds(time),
            format!("{:.0}", tracks as f64 / time.as_secs_f64()),
            seconds(cpu),
            or_none(copy.map(|(time, _)| seconds(time))),
            or_none(copy.map(|(_, cpu)| seconds(cpu))),
            or_none(copy.map(|(_, of_copy)| format!("{:.2}", cpu.div_duration_f64(of_copy)))),
            format!("{peak_mb:.0}"),
            format!("{input_mb:.0}"),
            format!("{:.0}", database_mb(library)),
        ],
    );
    rank(library, tracks).await;
}

/// The time, the CPU time of all who take part, and the importer's memory at its peak.
async fn import(library: &Library, input: &Path) -> (Duration, Duration, f64) {
    let before = library.database_cpu();
    let started = Instant::now();
    let mut import = library.command(&["import", "--json"]);
    let mut import = import
        .arg(input)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program can be started");
    let process = import.id().expect("it runs");
    let (mut own, mut peak_mb) = (Duration::ZERO, 0.0);
    let status = loop {
        if let Some(status) = import.try_wait().expect("it is a child") {
            break status;
        }
        own = own.max(cpu(process));
        peak_mb = f64::max(peak_mb, memory_mb(process).1);
        sleep(Duration::from_millis(20)).await;
    };
    let time = started.elapsed();
    assert!(status.success(), "the import failed");
    (time, own + library.database_cpu() - before, peak_mb)
}

/// The same rows again, by the server itself, into a table with the same indexes.
async fn copy(library: &Library) -> (Duration, Duration) {
    let file = library
        .cluster
        .as_ref()
        .map(|cluster| cluster.folder.path());
    let file = file.expect("a server").join("rows.copy");
    let path = file.display();
    let columns = "track_id, name, artist_name, album_name, duration_ms, spotify_url, payload_at, \
                   raw_json";
    let prepare = format!(
        "COPY tracks ({columns}) TO '{path}'; CREATE TABLE copied (LIKE tracks INCLUDING ALL)"
    );
    library.execute(&prepare).await;
    library.execute("CHECKPOINT").await;
    let before = library.database_cpu();
    let started = Instant::now();
    library
        .execute(&format!("COPY copied ({columns}) FROM '{path}'"))
        .await;
    let time = started.elapsed();
    let cost = library.database_cpu() - before;
    library.execute("DROP TABLE copied").await;
    std::fs::remove_file(&file).expect("it is ours");
    (time, cost)
}

fn database_mb(library: &Library) -> f64 {
    match &library.cluster {
        None => size_mb(&library.folder.path().join("library.db")),
        Some(cluster) => size_mb(&cluster.folder.path().join("data/base")),
    }
}

/// Ranked lists, past the import: that they are fast to bring in is not what is asked here.
async fn rank(library: &Library, tracks: usize) {
    let longest = (tracks * RANKS / DAYS / 2).max(TOP);
    let fill = match library.engine {
        Engine::Postgres => format!(
            "SET session_replication_role = replica;
             INSERT INTO snapshots (track_id, snapshot_date, time_range, rank)
             SELECT 'track' || lpad(((day * 7919 + list.factor * rank) % {tracks})::text, 8, '0'),
                 DATE '2026-06-30' - day, list.time_range, rank
             FROM generate_series(0, {DAYS} - 1) AS day,
                 (VALUES ('short_term', 1, {longest}), ('medium_term', 3, {longest}), ('long_term', 7, {TOP}))
                     AS list (time_range, factor, length),
                 generate_series(1, length) AS rank;
             VACUUM ANALYZE"
        ),
        Engine::Sqlite => format!(
            "PRAGMA foreign_keys = off;
             WITH RECURSIVE days (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM days WHERE day < {DAYS} - 1),
                 ranks (rank) AS (SELECT 1 UNION ALL SELECT rank + 1 FROM ranks WHERE rank < {longest}),
                 lists (time_range, factor, length) AS (VALUES ('short_term', 1, {longest}),
                     ('medium_term', 3, {longest}), ('long_term', 7, {TOP}))
             INSERT INTO snapshots (track_id, snapshot_date, time_range, rank)
             SELECT 'track' || printf('%08d', (day * 7919 + factor * rank) % {tracks}),
                 date('2026-06-30', '-' || day || ' day'), time_range, rank
             FROM days, lists, ranks WHERE rank <= length"
        ),
    };
    let connection = library.connect().await;
    for statement in fill.split(';') {
        let executed = connection.execute_unprepared(statement).await;
        executed.expect("the statement runs");
    }
    connection.close().await.expect("a connection closes");
}

pub fn track_id(number: usize) -> String {
    format!("track{number:08}")
}

/// Track objects as the provider sends them, of 3 KB on average: half of them are sold in 182
/// markets, and say so twice.
fn write_tracks(path: &Path, tracks: usize) {
    let file = File::create(path).expect("the folder can be written");
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let mut random = fastrand::Rng::with_seed(1);
    for number in 0..tracks {
        let line = track(number, &mut random);
        file.write_all(line.as_bytes()).expect("the disk has room");
    }
    file.flush().expect("the disk has room");
}

pub fn track(number: usize, random: &mut fastrand::Rng) -> String {
    let id = track_id(number);
    let (artist, album) = (number % 5003, number / 12);
    let year = 2026 - (random.u32(0..70) * random.u32(0..70)) / 70;
    let explicit = random.u8(..) < 60;
    let markets = match number % 2 {
        0 => "",
        _ => MARKETS,
    };
    let length_ms = random.u32(90_000..420_000);
    let artist = format!(
        r#"{{"external_urls":{{"spotify":"https://open.spotify.com/artist/artist{artist:016}"}},"href":"https://api.spotify.com/v1/artists/artist{artist:016}","id":"artist{artist:016}","name":"Artist {artist}","type":"artist","uri":"spotify:artist:artist{artist:016}"}}"#
    );
    let image = |size: u32| {
        format!(
            r#"{{"height":{size},"url":"https://i.scdn.co/image/{:032x}","width":{size}}}"#,
            u128::from(album as u64) << 64 | u128::from(size)
        )
    };
    format!(
        r#"{{"album":{{"album_type":"album","artists":[{artist}],"available_markets":[{markets}],"external_urls":{{"spotify":"https://open.spotify.com/album/album{album:017}"}},"href":"https://api.spotify.com/v1/albums/album{album:017}","id":"album{album:017}","images":[{},{},{}],"is_playable":true,"name":"Album {album}","release_date":"{year}-05-04","release_date_precision":"day","total_tracks":12,"type":"album","uri":"spotify:album:album{album:017}"}},"artists":[{artist}],"available_markets":[{markets}],"disc_number":1,"duration_ms":{length_ms},"explicit":{explicit},"external_ids":{{"isrc":"XX{number:010}"}},"external_urls":{{"spotify":"https://open.spotify.com/track/{id}"}},"href":"https://api.spotify.com/v1/tracks/{id}","id":"{id}","is_local":false,"is_playable":true,"name":"Song {:06x} of {number}","popularity":{},"preview_url":null,"track_number":{},"type":"track","uri":"spotify:track:{id}"}}
"#,
        image(640),
        image(300),
        image(64),
        random.u32(..1 << 24),
        random.u8(..100),
        number % 12 + 1,
    )
}

const MARKETS: &str = include_str!("markets.txt");
