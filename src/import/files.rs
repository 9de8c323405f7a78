//! Finds the files to read, and the order in which to read them.

use super::account::Report;
use super::origin::{Origin, origin};
use anyhow::Context;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

pub struct File {
    /// `-` is standard input.
    pub path: PathBuf,
    pub size_bytes: u64,
    /// The origin of a ranked list in it; `None` when its day or its range is unknown.
    pub origin: Option<Origin>,
}

impl File {
    pub fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// Files with an origin come first, sorted by it, so that the latest list of a day comes last. The
/// others follow in the order given.
pub fn find(
    paths: &[PathBuf],
    date: Option<NaiveDate>,
    time_range: Option<TimeRange>,
    report: &mut Report,
) -> anyhow::Result<Vec<File>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for path in paths {
        for (path, size_bytes) in below(path, report)? {
            // In the ledger, `./a.json` and `a.json` are the same source.
            let path: PathBuf = path
                .components()
                .filter(|step| *step != Component::CurDir)
                .collect();
            let file = path.canonicalize().unwrap_or_else(|_| path.clone());
            if seen.insert(file) {
                let origin = origin(&path.to_string_lossy(), date, time_range);
                found.push(File {
                    path,
                    size_bytes,
                    origin,
                });
            }
        }
    }
    found.sort_by(|one, other| match (&one.origin, &other.origin) {
        (Some(one), Some(other)) => one.cmp(other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    });
    Ok(found)
}

fn below(path: &Path, report: &mut Report) -> anyhow::Result<Vec<(PathBuf, u64)>> {
    if path == Path::new("-") {
        return Ok(vec![(path.into(), 0)]);
    }
    let about = std::fs::metadata(path)
        .with_context(|| format!("cannot read {}; is the path right?", path.display()))?;
    if !about.is_dir() {
        return Ok(vec![(path.into(), about.len())]);
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        match entry.and_then(|entry| Ok((entry.metadata()?.len(), entry))) {
            Ok((size_bytes, entry)) => {
                if entry.file_type().is_file() && may_hold_json(entry.path()) {
                    files.push((entry.into_path(), size_bytes));
                }
            }
            Err(cause) => report.unreadable(&path.to_string_lossy(), &cause.to_string()),
        }
    }
    Ok(files)
}

/// Other files in a folder are ignored. A file that is named itself is read whatever its name.
fn may_hold_json(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    !name.starts_with('.')
        && [".json", ".ndjson", ".jsonl"]
            .iter()
            .any(|ending| name.ends_with(ending))
}
