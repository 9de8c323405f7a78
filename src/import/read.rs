//! Reads files as streams. The content tells what a file holds: a ranked list, or tracks in any of
//! the nestings that the provider and its users' tools write; one JSON text or one per line; an archive of
//! this program; gzipped or not.

mod archive;
mod document;
mod lines;

pub use archive::{ArchivedList, Entry};

use super::account::Refused;
use super::files::File;
use super::origin::Origin;
use crate::payload::{self, Refusal, Track, Tree};
use flate2::bufread::MultiGzDecoder;
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tokio::sync::mpsc::Sender;

/// Tracks that are sent together.
const BATCH: usize = 50;
/// The depth to which pages are read; `[0].items[3]` is at depth 3.
const MAX_PAGE_DEPTH: usize = 4;
/// Bytes that are examined to tell one JSON text from one per line.
const PEEK: usize = 1 << 20;

/// A track, or the reason why it is refused.
pub type Item = Result<Track, Refused>;

pub enum Found {
    /// Tracks without ranks.
    Tracks(Vec<Item>),
    /// A whole ranked list, best first. A fault refuses all of it.
    List {
        origin: Origin,
        items: Vec<Item>,
        fault: Option<Refused>,
    },
    /// Lines of an archive, in their order.
    Archived(Vec<Entry>),
    /// A file with a ranked list whose day or range is unknown. Its tracks are sent as `Tracks`.
    UnrankedList { file: String },
    /// A file that could not be read to its end.
    Unreadable { file: String, reason: String },
}

/// The writer has ended, so there is no use in reading on.
#[derive(Debug, thiserror::Error)]
#[error("the import has stopped")]
pub struct Stopped;

/// Reads every file and sends what it finds.
pub fn all(files: Vec<File>, progress: ProgressBar, sender: Sender<Found>) {
    for file in files {
        progress.set_message(file.name());
        if read_file(&file, &progress, &sender).is_err() {
            return;
        }
    }
}

fn read_file(file: &File, progress: &ProgressBar, sender: &Sender<Found>) -> Result<(), Stopped> {
    let mut reader = FileReader {
        file: file.name(),
        origin: file.origin.clone(),
        tracks: Vec::new(),
        has_unranked_list: false,
        sender,
    };
    let outcome = open(&file.path, progress)
        .map_err(anyhow::Error::new)
        .and_then(|bytes| read(bytes, &mut reader));
    reader.flush()?;
    if reader.has_unranked_list {
        reader.send(Found::UnrankedList { file: file.name() })?;
    }
    match outcome {
        Ok(()) => Ok(()),
        Err(cause) => reader.send(Found::Unreadable {
            file: file.name(),
            reason: cause.to_string(),
        }),
    }
}

fn open(path: &Path, progress: &ProgressBar) -> io::Result<Box<dyn BufRead>> {
    let bytes: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(std::fs::File::open(path)?)
    };
    let mut bytes = BufReader::with_capacity(1 << 16, progress.wrap_read(bytes));
    if bytes.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::new(MultiGzDecoder::new(bytes))));
    }
    Ok(Box::new(bytes))
}

fn read(mut bytes: Box<dyn BufRead>, reader: &mut FileReader) -> anyhow::Result<()> {
    let mut start = Vec::new();
    let read = bytes.by_ref().take(PEEK as u64).read_to_end(&mut start);
    if archive::is_archive(&start) {
        return match read {
            Ok(_) => archive::read(BufReader::new(io::Cursor::new(start).chain(bytes)), reader),
            // Of a file that is cut, what could be decompressed.
            Err(cause) => {
                archive::read(io::Cursor::new(start), reader)?;
                Err(cause.into())
            }
        };
    }
    read?;
    let start = match start.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => start,
    };
    let is_all = bytes.fill_buf()?.is_empty();
    let one_per_line = lines::one_value_per_line(&start);
    if is_all && !one_per_line {
        // The parser is much faster on a slice than on a stream.
        return document::read(serde_json::Deserializer::from_slice(&start), reader);
    }
    let whole = BufReader::new(io::Cursor::new(start).chain(bytes));
    match one_per_line {
        true => lines::read(whole, reader),
        false => document::read(serde_json::Deserializer::from_reader(whole), reader),
    }
}

/// Turns the values of one file into items and sends them in batches.
struct FileReader<'a> {
    file: String,
    origin: Option<Origin>,
    /// The next batch.
    tracks: Vec<Item>,
    has_unranked_list: bool,
    sender: &'a Sender<Found>,
}

impl FileReader<'_> {
    fn push(&mut self, item: Item) -> Result<(), Stopped> {
        self.tracks.push(item);
        match self.tracks.len() < BATCH {
            true => Ok(()),
            false => self.flush(),
        }
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        match std::mem::take(&mut self.tracks) {
            tracks if tracks.is_empty() => Ok(()),
            tracks => self.send(Found::Tracks(tracks)),
        }
    }

    fn send(&self, found: Found) -> Result<(), Stopped> {
        self.sender.blocking_send(found).map_err(|_| Stopped)
    }

    fn refused(&self, position: &Position, refusal: Refusal) -> Refused {
        let refusal = refusal.within(&position.path);
        Refused {
            file: self.file.clone(),
            position: match position.line {
                Some(line) if refusal.path.is_empty() => format!("line {line}"),
                Some(line) => format!("line {line}: {}", refusal.path),
                None => refusal.path,
            },
            reason: refusal.reason,
        }
    }

    fn item(&self, position: &Position, text: &RawValue) -> Item {
        payload::track(text).map_err(|refusal| self.refused(position, refusal))
    }

    /// Reads a track, a wrapper around one, or a page of either.
    fn element(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        match self.single_track(position, text.get()) {
            Some(item) => self.push(item),
            None => self.any_shape(position, text),
        }
    }

    /// The fast path: reads a track, or a wrapper around one, and parses the text once. `None` when
    /// the text is not JSON or may be a page.
    fn single_track(&self, position: &Position, text: &str) -> Option<Item> {
        let value = payload::json(text).ok()?;
        let wrapped = WRAPPERS.iter().find_map(|key| {
            let inner = value.get(key)?;
            matches!(inner, Tree::Object(_) | Tree::Null).then_some((key, inner))
        });
        let may_be_page = || PAGES.iter().any(|(key, _)| value.get(key).is_some());
        let (position, track) = match wrapped {
            Some((key, inner)) => (&position.member(key), inner),
            None if may_be_page() => return None,
            None => (position, &value),
        };
        Some(payload::track_of(track).map_err(|refusal| self.refused(position, refusal)))
    }

    /// The slow path of [`FileReader::element`].
    fn any_shape(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        match shape(text) {
            Shape::Page(..) if position.depth > MAX_PAGE_DEPTH => {
                let refusal = Refusal::new("", "the pages are nested too deeply");
                self.push(Err(self.refused(position, refusal)))
            }
            Shape::Track => self.push(self.item(position, text)),
            Shape::Wrapper(key, inner) => self.push(self.item(&position.member(key), inner)),
            Shape::Page(key, items) => {
                let position = position.member(key);
                items
                    .iter()
                    .enumerate()
                    .try_for_each(|(index, inner)| self.element(&position.item(index), inner))
            }
        }
    }
}

/// The position of a value: its line, in a file with one per line, and its path within that.
#[derive(Clone, Default)]
struct Position {
    line: Option<usize>,
    path: String,
    /// Steps of the path.
    depth: usize,
}

impl Position {
    fn line(number: usize) -> Self {
        Self {
            line: Some(number),
            ..Self::default()
        }
    }

    fn member(&self, key: &str) -> Self {
        let path = match self.path.as_str() {
            "" => key.into(),
            path => format!("{path}.{key}"),
        };
        Self {
            path,
            depth: self.depth + 1,
            ..*self
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            path: format!("{}[{index}]", self.path),
            depth: self.depth + 1,
            ..*self
        }
    }
}

/// The object in the `items` or `tracks` of a playlist.
#[derive(Deserialize)]
struct Inner<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

enum Shape<'a> {
    Track,
    Wrapper(&'static str, &'a RawValue),
    Page(&'static str, Vec<&'a RawValue>),
}

/// The provider renames `track` to `item` in playlists. Some entries have both.
const WRAPPERS: [&str; 2] = ["item", "track"];
/// The members that hold tracks, and the path of the tracks when the member is an object.
const PAGES: [(&str, &str); 2] = [("items", "items.items"), ("tracks", "tracks.items")];

fn shape(text: &RawValue) -> Shape<'_> {
    let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text.get()) else {
        return Shape::Track;
    };
    for key in WRAPPERS {
        match members.get(key) {
            Some(inner) if inner.get().starts_with(['{', 'n']) => {
                return Shape::Wrapper(key, inner);
            }
            _ => {}
        }
    }
    for (key, within) in PAGES {
        let Some(inner) = members.get(key) else {
            continue;
        };
        if let Ok(items) = serde_json::from_str(inner.get()) {
            return Shape::Page(key, items);
        }
        if let Ok(Inner { items }) = serde_json::from_str(inner.get()) {
            return Shape::Page(within, items);
        }
    }
    Shape::Track
}
