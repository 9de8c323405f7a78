//! The account of an import: every track object read is counted once, every refusal explained.

use anyhow::Context;
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// Refusals shown on the terminal; a report file has them all.
const SHOWN: usize = 20;

/// In track objects: `read` is the sum of the five that follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    pub read: u64,
    pub new: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub duplicate: u64,
    pub refused: u64,
    pub lists: Lists,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lists {
    pub captured: u64,
    pub unchanged: u64,
    pub empty: u64,
    pub degraded: u64,
    /// A later list of the same day and range took its place.
    pub superseded: u64,
}

impl Account {
    /// The account as it is printed for people.
    pub fn told(&self, elapsed: Duration, report: &Report) -> String {
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
        if *lists != Lists::default() {
            text += &format!(
                "Lists: {} captured, {} unchanged, {} empty, {} degraded, {} superseded.\n",
                lists.captured, lists.unchanged, lists.empty, lists.degraded, lists.superseded,
            );
        }
        for refusal in &report.shown {
            text += &format!("Refused {refusal}\n");
        }
        let hidden = report.count - report.shown.len();
        if hidden > 0 {
            text += &format!("… and {hidden} more; --report FILE writes them all.\n");
        }
        text
    }
}

/// One thing that was not kept: where it stands and why.
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

/// Takes the refusals as they come; only the first few stay in memory.
pub struct Report {
    file: Option<BufWriter<File>>,
    shown: Vec<Refused>,
    count: usize,
    unreadable: Vec<String>,
}

impl Report {
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let create = |path: &Path| {
            File::create(path)
                .with_context(|| format!("cannot write the report to {}", path.display()))
        };
        Ok(Self {
            file: path.map(create).transpose()?.map(BufWriter::new),
            shown: Vec::new(),
            count: 0,
            unreadable: Vec::new(),
        })
    }

    pub fn refuse(&mut self, refused: Refused) -> anyhow::Result<()> {
        if let Some(file) = &mut self.file {
            serde_json::to_writer(&mut *file, &refused).context("cannot write the report")?;
            file.write_all(b"\n").context("cannot write the report")?;
        }
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(refused);
        }
        Ok(())
    }

    /// A file that could not be read to its end.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    pub fn cannot_read(&mut self, file: &str, reason: &str) {
        self.unreadable
            .push(format!("Could not read {file} to its end: {reason}"));
    }

    pub fn finish(&mut self) -> anyhow::Result<()> {
        match &mut self.file {
            Some(file) => file.flush().context("cannot write the report"),
            None => Ok(()),
        }
    }
}
