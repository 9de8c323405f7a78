//! The import of the tracks, beside `COPY` of the same rows.

use crate::library::Library;
use crate::process::{cpu, memory_mb, size_mb};
use crate::table::Tables;
use crate::tracks;
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

/// The cost of the import of the tracks.
pub struct Import {
    time: Duration,
    /// CPU time of the program and the database.
    cpu: Duration,
    /// The program's memory.
    peak_mb: f64,
    input_mb: f64,
}

/// Migrates the database and imports the tracks.
pub async fn import(library: &Library) -> Import {
    let input = library.folder.path().join("tracks.ndjson");
    tracks::write(&input, library.tracks);
    let input_mb = size_mb(&input);
    let migrated = library
        .command(&["migrate"])
        .stdout(Stdio::null())
        .status()
        .await;
    assert!(migrated.expect("the program can be started").success());
    let import = measure(library, &input, input_mb).await;
    std::fs::remove_file(&input).expect("the bench wrote it");
    import
}

async fn measure(library: &Library, input: &Path, input_mb: f64) -> Import {
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
        if let Some(status) = import.try_wait().expect("it is a child process") {
            break status;
        }
        own = own.max(cpu(process));
        peak_mb = f64::max(peak_mb, memory_mb(process).1);
        sleep(Duration::from_millis(20)).await;
    };
    let time = started.elapsed();
    assert!(status.success(), "the import failed");
    Import {
        time,
        cpu: own + library.database_cpu() - before,
        peak_mb,
        input_mb,
    }
}

/// Adds the import's row, with `COPY` beside it on PostgreSQL.
pub async fn row(library: &Library, import: Import, tables: &mut Tables) {
    // Otherwise its CPU time would count as that of `COPY`.
    library.wait_for_autovacuum().await;
    let copy = copy(library).await;
    let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    let cpu_ratio = copy.map(|(_, cpu)| import.cpu.div_duration_f64(cpu));
    tables.row(
        TITLE,
        COLUMNS,
        [
            library.engine.to_string(),
            library.tracks.to_string(),
            seconds(import.time),
            format!("{:.0}", library.tracks as f64 / import.time.as_secs_f64()),
            seconds(import.cpu),
            or_none(copy.map(|(time, _)| seconds(time))),
            or_none(copy.map(|(_, cpu)| seconds(cpu))),
            or_none(cpu_ratio.map(|ratio| format!("{ratio:.2}"))),
            format!("{:.0}", import.peak_mb),
            format!("{:.0}", import.input_mb),
            format!("{:.0}", database_mb(library)),
        ],
    );
}

/// Time and CPU time of a `COPY` of the same rows into a table with the same indexes. PostgreSQL only.
async fn copy(library: &Library) -> Option<(Duration, Duration)> {
    let file = library.cluster.as_ref()?.folder.path().join("rows.copy");
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
    let cpu = library.database_cpu() - before;
    library.execute("DROP TABLE copied").await;
    std::fs::remove_file(&file).expect("the server wrote it");
    Some((time, cpu))
}

fn database_mb(library: &Library) -> f64 {
    match &library.cluster {
        None => size_mb(&library.folder.path().join("library.db")),
        Some(cluster) => size_mb(&cluster.folder.path().join("data/base")),
    }
}
