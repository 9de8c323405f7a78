//! The archive of a library: its tracks with payloads, its lists and its ledger at one moment, as gzip NDJSON.
//!
//! [`mod@line`] has the shapes of the lines. [`Export`] writes them from the tables, `import` reads them back, and
//! [`command`] is the command `export`.

mod command;
mod export;
pub mod line;

pub use command::{ExportArgs, HELP, run};
pub use export::{Chunk, Export};

use chrono::NaiveDate;

/// As in `music-time-machine-2026-11-28.ndjson.gz`.
pub fn file_name(day: NaiveDate) -> String {
    format!("music-time-machine-{day}.ndjson.gz")
}
