//! Archives, as `export` writes them: one track, list or entry of the ledger per line, and their numbers at the end.

use super::{FileReader, Item, Position, Stopped};
use crate::archive::line::{Capture, Counts, Header, Line, List, Track, VERSION};
use crate::payload::{self, FIRST_DAY, LAST_DAY, Payload, Refusal};
use crate::store::Ranking;
use anyhow::bail;
use chrono::NaiveDate;
use entity::capture;
use entity::snapshot::TimeRange;
use std::io::{BufRead, Read};

/// A list of a hundred thousand tracks has about 5 MiB.
const LONGEST_LINE: usize = 64 << 20;
/// Entries are sent together while their lines are not longer.
const BATCH_BYTES: usize = 256 << 10;
const MAX_ID: usize = 64;

/// What a line of an archive holds.
pub enum Entry {
    /// An archive begins.
    Begin,
    Track(Item),
    Capture(capture::Model),
    List(ArchivedList),
    /// A line that is no track.
    Refused(super::Refused),
}

pub struct ArchivedList {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    pub ranking: Ranking,
    /// For a refusal.
    pub file: String,
    pub position: String,
}

/// Whether a file that begins so is an archive.
pub fn is_archive(start: &[u8]) -> bool {
    let first = start.split(|byte| *byte == b'\n').next();
    first.and_then(Header::read).is_some()
}

/// Fails if the archive is not whole. What came before is sent in any case.
pub fn read(mut bytes: impl BufRead, reader: &mut FileReader) -> anyhow::Result<()> {
    let mut archive = Archive::default();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let mut limited = bytes.by_ref().take(LONGEST_LINE as u64);
        let read = limited.read_until(b'\n', &mut line);
        if let Err(cause) = read {
            bail!("{cause}; what came before is kept, but the archive is not whole");
        }
        if !line.ends_with(b"\n") && line.len() < LONGEST_LINE {
            // The end of the file. A last line without a line break is cut.
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        if !line.ends_with(b"\n") {
            skip_line(&mut bytes)?;
        }
        archive.line(&line, &Position::line(number), reader)?;
    }
    archive.send(reader)?;
    archive.check_end()
}

fn skip_line(bytes: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = bytes.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (skipped, is_end) = match end {
            Some(index) => (index + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        bytes.consume(skipped);
        if is_end {
            return Ok(());
        }
    }
}

/// An archive as far as it is read.
#[derive(Default)]
struct Archive {
    read: Counts,
    /// Lines that are not what the program writes. They may have been of any kind.
    unknown_count: u64,
    end: Option<Counts>,
    entries: Vec<Entry>,
    size_bytes: usize,
}

impl Archive {
    fn line(
        &mut self,
        text: &[u8],
        position: &Position,
        reader: &FileReader,
    ) -> anyhow::Result<()> {
        let line = parse(text);
        if let Ok(line) = &line {
            self.read.add(line);
        }
        let refused = |refusal| reader.refused(position, refusal);
        let entry = match line {
            Ok(Line::Archive(header)) => {
                self.begin(&header)?;
                Entry::Begin
            }
            Ok(Line::End(counts)) => {
                self.end = Some(counts);
                return Ok(());
            }
            Ok(Line::Track(line)) => Entry::Track(track(line).map_err(refused)),
            Ok(Line::Capture(line)) => match capture(line) {
                Ok(row) => Entry::Capture(row),
                Err(refusal) => Entry::Refused(refused(refusal)),
            },
            Ok(Line::List(line)) => match list(line, reader.file.clone(), position) {
                Ok(list) => Entry::List(list),
                Err(refusal) => Entry::Refused(refused(refusal)),
            },
            Err(refusal) => {
                self.unknown_count += 1;
                match text.starts_with(b"{\"track\"") {
                    true => Entry::Track(Err(refused(refusal))),
                    false => Entry::Refused(refused(refusal)),
                }
            }
        };
        self.entries.push(entry);
        self.size_bytes += text.len();
        if self.size_bytes >= BATCH_BYTES {
            self.send(reader)?;
        }
        Ok(())
    }

    /// Archives may follow each other in one file.
    fn begin(&mut self, header: &Header) -> anyhow::Result<()> {
        if header.version > VERSION {
            bail!(
                "this archive has version {}, and this program reads up to version {VERSION}: use the program that \
                 wrote it, or a newer one",
                header.version
            );
        }
        if self.read != Counts::default() {
            self.check_end()?;
        }
        self.read = Counts::default();
        self.unknown_count = 0;
        self.end = None;
        Ok(())
    }

    fn send(&mut self, reader: &FileReader) -> Result<(), Stopped> {
        self.size_bytes = 0;
        match std::mem::take(&mut self.entries) {
            entries if entries.is_empty() => Ok(()),
            entries => reader.send(super::Found::Archived(entries)),
        }
    }

    fn check_end(&self) -> anyhow::Result<()> {
        let Some(end) = self.end else {
            bail!(
                "it ends before its last line; what came before is kept, but the archive is not whole"
            );
        };
        let sum = |counts: Counts| counts.track_count + counts.list_count + counts.capture_count;
        if sum(self.read) + self.unknown_count != sum(end) {
            bail!(
                "it had {} lines when it was written, and has {}: lines are missing or came twice",
                sum(end),
                sum(self.read) + self.unknown_count
            );
        }
        Ok(())
    }
}

fn parse(text: &[u8]) -> Result<Line, Refusal> {
    if text.len() >= LONGEST_LINE {
        let reason = format!("is longer than {} MiB", LONGEST_LINE >> 20);
        return Err(Refusal::new("", reason));
    }
    serde_json::from_slice(text).map_err(|cause| {
        // The slow way, which knows the path.
        let mut parser = serde_json::Deserializer::from_slice(text);
        let path = match serde_path_to_error::deserialize::<_, Line>(&mut parser) {
            Err(error) if error.path().to_string() != "." => error.path().to_string(),
            _ => String::new(),
        };
        let cause = cause.to_string();
        let reason = cause.split(" at line ").next().unwrap_or_default();
        Refusal::new(path, format!("no line of an archive: {reason}"))
    })
}

fn track(line: Track) -> Result<payload::Track, Refusal> {
    let payload = match &line.raw_json {
        Some(text) => Some(Payload::from(
            &payload::stored(text.get()).map_err(|refusal| refusal.within("track.raw_json"))?,
        )),
        None => None,
    };
    check_id(&line.track_id, "track.track_id")?;
    let texts = [
        ("track.name", Some(&line.name)),
        ("track.artist_name", Some(&line.artist_name)),
        ("track.album_name", line.album_name.as_ref()),
        ("track.spotify_url", line.spotify_url.as_ref()),
    ];
    for (path, text) in texts {
        no_nul(path, text)?;
    }
    Ok(payload::Track {
        track_id: line.track_id,
        name: line.name,
        artist_name: line.artist_name,
        album_name: line.album_name,
        duration_ms: line.duration_ms,
        spotify_url: line.spotify_url,
        payload_at: line.payload_at,
        payload,
    })
}

fn capture(line: Capture) -> Result<capture::Model, Refusal> {
    check_day(line.snapshot_date, "capture.snapshot_date")?;
    no_nul("capture.source", Some(&line.source))?;
    no_nul("capture.reason", line.reason.as_ref())?;
    Ok(line.into())
}

fn list(line: List, file: String, position: &Position) -> Result<ArchivedList, Refusal> {
    check_day(line.snapshot_date, "list.snapshot_date")?;
    let mut ranking = Ranking::new();
    for (index, place) in line.items.into_iter().enumerate() {
        let at = |member| format!("list.items[{index}].{member}");
        check_id(&place.track_id, &at("track_id"))?;
        if place.rank < 1 {
            return Err(Refusal::new(at("rank"), "must be at least 1"));
        }
        if ranking.insert(place.track_id, place.rank).is_some() {
            return Err(Refusal::new(at("track_id"), "is on the list twice"));
        }
    }
    if ranking.is_empty() {
        return Err(Refusal::new("list.items", "a list has tracks"));
    }
    Ok(ArchivedList {
        snapshot_date: line.snapshot_date,
        time_range: line.time_range,
        ranking,
        file,
        position: match position.line {
            Some(number) => format!("line {number}: list"),
            None => "list".into(),
        },
    })
}

fn check_id(id: &str, path: &str) -> Result<(), Refusal> {
    if id.is_empty() || id.chars().count() > MAX_ID {
        let reason = format!("must have 1 to {MAX_ID} characters");
        return Err(Refusal::new(path, reason));
    }
    no_nul(path, Some(&id.to_owned()))
}

fn no_nul(path: &str, text: Option<&String>) -> Result<(), Refusal> {
    match text.is_some_and(|text| text.contains('\0')) {
        true => Err(Refusal::new(path, "contains the character U+0000")),
        false => Ok(()),
    }
}

fn check_day(day: NaiveDate, path: &str) -> Result<(), Refusal> {
    match (FIRST_DAY..=LAST_DAY).contains(&day) {
        true => Ok(()),
        false => Err(Refusal::new(
            path,
            "must lie between 1900-01-01 and 2100-12-31",
        )),
    }
}
