//! The account of an import: every track object read is counted once, and every refusal has a
//! reason.

use anyhow::Context;
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// The number of messages of a kind that are printed and held in memory.
const PRINTED: usize = 20;

/// In track objects: `read` is the sum of the five that follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    pub read: u64,
    pub new: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub duplicate: u64,
    pub refused: u64,
    pub lists: ListCounts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListCounts {
    pub captured: u64,
    pub unchanged: u64,
    pub empty: u64,
    pub degraded: u64,
    /// Replaced by a later list of the same day and range.
    pub superseded: u64,
    /// Lists of an archive. Left out if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub refused: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Account {
    /// The account in sentences, with the first refusals.
    pub fn text(&self, elapsed: Duration, report: &Report) -> String {
        let lists = &self.lists;
        let mut text = format!(
            "Read {} track objects in {:.1} s: {} new, {} updated, {} unchanged, {} duplicate, \
             {} refused.\n",
            self.read,
            elapsed.as_secs_f64(),
            self.new,
            self.updated,
            self.unchanged,
            self.duplicate,
            self.refused,
        );
        if *lists != ListCounts::default() {
            text += &format!(
                "Lists: {} captured, {} unchanged, {} empty, {} degraded, {} superseded",
                lists.captured, lists.unchanged, lists.empty, lists.degraded, lists.superseded,
            );
            if lists.refused > 0 {
                text += &format!(", {} refused", lists.refused);
            }
            text += ".\n";
        }
        for refused in &report.refused.first {
            text += &format!("Refused {refused}\n");
        }
        match report.refused.others() {
            0 => text,
            others => text + &format!("… and {others} more; --report FILE writes them all.\n"),
        }
    }
}

/// An object that was not kept, and the reason.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    pub file: String,
    /// The object within the file and the field within the object, as in `items[3].id`.
    pub position: String,
    pub reason: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            file,
            position,
            reason,
        } = self;
        match position.as_str() {
            "" => write!(formatter, "{file}: {reason}"),
            _ => write!(formatter, "{file}, {position}: {reason}"),
        }
    }
}

/// The first messages of a kind, and the number of all.
struct Messages<T> {
    first: Vec<T>,
    count: usize,
}

impl<T> Messages<T> {
    const fn new() -> Self {
        Self {
            first: Vec::new(),
            count: 0,
        }
    }

    fn push(&mut self, message: T) {
        self.count += 1;
        if self.first.len() < PRINTED {
            self.first.push(message);
        }
    }

    fn others(&self) -> usize {
        self.count - self.first.len()
    }
}

/// Collects what was not kept.
pub struct Report {
    file: Option<BufWriter<File>>,
    refused: Messages<Refused>,
    /// Files with a ranked list of unknown day or range.
    unranked: Messages<String>,
    unreadable: Vec<String>,
}

impl Report {
    /// Creates the report file, if there is to be one.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let create = |path: &Path| {
            File::create(path)
                .with_context(|| format!("cannot write the report to {}", path.display()))
        };
        Ok(Self {
            file: path.map(create).transpose()?.map(BufWriter::new),
            refused: Messages::new(),
            unranked: Messages::new(),
            unreadable: Vec::new(),
        })
    }

    pub fn refuse(&mut self, refused: Refused) -> anyhow::Result<()> {
        if let Some(file) = &mut self.file {
            serde_json::to_writer(&mut *file, &refused).context("cannot write the report")?;
            file.write_all(b"\n").context("cannot write the report")?;
        }
        self.refused.push(refused);
        Ok(())
    }

    pub fn unranked(&mut self, file: String) {
        self.unranked.push(file);
    }

    pub fn unreadable(&mut self, file: &str, reason: &str) {
        self.unreadable
            .push(format!("Could not read {file} to its end: {reason}"));
    }

    pub fn finish(&mut self) -> anyhow::Result<()> {
        match &mut self.file {
            Some(file) => file.flush().context("cannot write the report"),
            None => Ok(()),
        }
    }

    /// Whether every file was read to its end.
    pub fn all_read(&self) -> bool {
        self.unreadable.is_empty()
    }

    /// The lines for standard error.
    pub fn warnings(&self) -> Vec<String> {
        let unranked = |file: &String| {
            format!(
                "{file} holds a ranked list, but neither its path nor --date and --time-range say \
                 its day and range: its tracks are kept, its ranks are not."
            )
        };
        let mut lines: Vec<_> = self.unranked.first.iter().map(unranked).collect();
        if self.unranked.others() > 0 {
            lines.push(format!("… and {} more.", self.unranked.others()));
        }
        lines.extend(self.unreadable.iter().cloned());
        lines
    }
}
