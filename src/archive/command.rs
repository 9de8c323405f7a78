//! The command `export`.

use super::export::{Chunk, Export};
use super::line::Counts;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::owner::Log;
use anyhow::{Context, bail};
use clap::Args;
use entity::log_entry::Event;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

pub const HELP: &str = "\
Writes the tracks with their payloads, the lists and the ledger as gzip NDJSON: one moment of the
library, also while the program serves. Nothing of the connection to Spotify is in it. Read it
back with import, into SQLite or PostgreSQL.

A file is put in place when it is whole; one of this name is replaced then.

Examples:
  music-time-machine export library.ndjson.gz
  DATABASE_URL=postgres://… music-time-machine export - | ssh nas 'cat > library.ndjson.gz'";

/// The endings of the files that belong to an SQLite database.
const OWN_FILES: [&str; 5] = ["", "-wal", "-shm", "-journal", ".key"];

#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// The file to write; - writes to standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Writes the archive to a file or to standard output.
pub async fn run(config: &Config, clock: &Clock, args: ExportArgs) -> anyhow::Result<()> {
    let target = Target::of(&args.file, config)?;
    let database = Database::open_existing(config).await?;
    if let Some(problem) = database.schema().await?.problem() {
        bail!("schema: {problem}");
    }
    let export = Export::begin(&database).await?;
    let counts = target.write(export).await?;
    if !config.access.read_only {
        let log = Log::of_command(&database, clock);
        log.record(Event::Exported, "NDJSON").await;
    }
    database.close().await?;
    let Counts {
        track_count,
        list_count,
        capture_count,
    } = counts;
    let done = format!(
        "Exported {track_count} tracks, {list_count} lists and {capture_count} entries of the ledger."
    );
    match target {
        Target::Stdout => eprintln!("{done}"),
        Target::File(_) | Target::Device(_) => println!("{done}"),
    }
    Ok(())
}

enum Target {
    Stdout,
    File(PathBuf),
    /// A pipe or a device, which cannot be replaced.
    Device(PathBuf),
}

impl Target {
    fn of(path: &Path, config: &Config) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        // A link is followed: the file that it names is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if is_of_database(&path, config)? {
            bail!(
                "{} belongs to the database itself; export to another file",
                path.display()
            );
        }
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => {
                bail!("{} is a folder; name a file in it", path.display())
            }
            Ok(about) if !about.is_file() => Ok(Self::Device(path)),
            _ => Ok(Self::File(path)),
        }
    }

    async fn write(&self, export: Export) -> anyhow::Result<Counts> {
        match self {
            Self::Stdout => {
                let counts = write(export, &mut io::stdout().lock()).await;
                counts.context("cannot write to standard output")
            }
            Self::Device(path) => {
                let at = || format!("cannot write to {}", path.display());
                let mut device = File::options().write(true).open(path).with_context(at)?;
                write(export, &mut device).await.with_context(at)
            }
            Self::File(path) => {
                let at = || format!("cannot write {}", path.display());
                write_file(export, path).await.with_context(at)
            }
        }
    }
}

fn is_of_database(path: &Path, config: &Config) -> anyhow::Result<bool> {
    let Some(database) = config.database()?.sqlite_file() else {
        return Ok(false);
    };
    let database = database.canonicalize().unwrap_or(database);
    let own = OWN_FILES.map(|ending| {
        let mut own = OsString::from(&database);
        own.push(ending);
        PathBuf::from(own)
    });
    let whole = std::path::absolute(path)?;
    Ok(own.iter().any(|own| own == path || *own == whole))
}

/// Writes a temporary file beside, and puts it in place when it is whole and on disk.
async fn write_file(export: Export, path: &Path) -> anyhow::Result<Counts> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let counts = write(export, &mut file).await?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(counts)
}

async fn write(mut export: Export, file: &mut impl Write) -> anyhow::Result<Counts> {
    loop {
        match export.next().await? {
            Chunk::Bytes(bytes) => file.write_all(&bytes)?,
            Chunk::End(counts) => {
                file.flush()?;
                return Ok(counts);
            }
        }
    }
}
