//! What is in a file, told by its content and streamed: a ranked list, tracks alone in any of the
//! nestings the provider and its users' tools write, one JSON text or one a line, gzipped or not.

mod document;
mod lines;

use super::account::Refused;
use super::files::File;
use super::place::Place;
use crate::payload::{self, Refusal, Track, Tree};
use flate2::bufread::MultiGzDecoder;
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tokio::sync::mpsc::Sender;

/// Tracks that travel together.
const PARCEL: usize = 50;
/// Steps to a page that can still hold tracks: `[0].items[3]` is one of four.
const DEEPEST_PAGE: usize = 4;
/// What is looked at to tell one JSON text from one a line.
const PEEK: usize = 1 << 20;

/// A track object that was accepted, or why it was not.
pub type Item = Result<Track, Refused>;

pub enum Parcel {
    /// Track objects alone.
    Tracks(Vec<Item>),
    /// A whole ranked list, best first, or why it is none.
    List {
        place: Place,
        items: Vec<Item>,
        fault: Option<Refused>,
    },
    /// A file that could not be read to its end.
    Unreadable { file: String, reason: String },
}

/// The writer is gone: there is nobody to read for.
#[derive(Debug, thiserror::Error)]
#[error("the import has stopped")]
pub struct Stopped;

/// Reads every file and sends what it finds.
pub fn all(files: Vec<File>, progress: ProgressBar, sender: Sender<Parcel>) {
    for file in files {
        let name = file.name();
        progress.set_message(name.clone());
        let mut found = Found {
            file: name.clone(),
            place: file.place.clone(),
            tracks: Vec::new(),
            sender: &sender,
        };
        let outcome = open(&file.path, &progress)
            .map_err(anyhow::Error::new)
            .and_then(|reader| read(reader, &mut found));
        let sent = found.send().and_then(|()| match outcome {
            Ok(()) => Ok(()),
            Err(cause) => found.deliver(Parcel::Unreadable {
                file: name,
                reason: cause.to_string(),
            }),
        });
        if sent.is_err() {
            return;
        }
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

fn read(mut reader: Box<dyn BufRead>, found: &mut Found) -> anyhow::Result<()> {
    let mut start = Vec::new();
    reader.by_ref().take(PEEK as u64).read_to_end(&mut start)?;
    let start = match start.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => start,
    };
    let is_all = reader.fill_buf()?.is_empty();
    let one_a_line = lines::one_value_a_line(&start);
    if is_all && !one_a_line {
        // A parser is much faster on memory than on a stream.
        return document::read(serde_json::Deserializer::from_slice(&start), found);
    }
    let whole = BufReader::new(io::Cursor::new(start).chain(reader));
    match one_a_line {
        true => lines::read(whole, found),
        false => document::read(serde_json::Deserializer::from_reader(whole), found),
    }
}

/// What has been found in one file and is not sent yet.
struct Found<'a> {
    file: String,
    place: Option<Place>,
    tracks: Vec<Item>,
    sender: &'a Sender<Parcel>,
}

impl Found<'_> {
    fn track(&mut self, item: Item) -> Result<(), Stopped> {
        self.tracks.push(item);
        match self.tracks.len() < PARCEL {
            true => Ok(()),
            false => self.send(),
        }
    }

    /// Sends the tracks that wait.
    fn send(&mut self) -> Result<(), Stopped> {
        if self.tracks.is_empty() {
            return Ok(());
        }
        let tracks = std::mem::take(&mut self.tracks);
        self.deliver(Parcel::Tracks(tracks))
    }

    fn deliver(&self, parcel: Parcel) -> Result<(), Stopped> {
        self.sender.blocking_send(parcel).map_err(|_| Stopped)
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

    /// The track in a text that holds just one, or a wrapper around one: parsed once, as nearly all
    /// are. `None` when it takes a closer look.
    fn lone_track(&self, position: &Position, text: &str) -> Option<Item> {
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

    /// Takes an element that is a track, a wrapper around one, or a page of either.
    fn element(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        match self.lone_track(position, text.get()) {
            Some(item) => self.track(item),
            None => self.look_closer(position, text),
        }
    }

    /// Takes what [`Found::lone_track`] could not.
    fn look_closer(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        match shape(text) {
            Shape::Page(..) if position.depth > DEEPEST_PAGE => {
                let refusal = Refusal::new("", "pages within pages within pages hold no tracks");
                self.track(Err(self.refused(position, refusal)))
            }
            Shape::Track => self.track(self.item(position, text)),
            Shape::Wrapper(key, inner) => self.track(self.item(&position.member(key), inner)),
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

/// Where an object stands: the line, in a file with one a line, and the path from there.
#[derive(Clone, Default)]
struct Position {
    line: Option<usize>,
    path: String,
    /// Steps taken from there.
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

/// What a playlist has in its `items` or `tracks`.
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

/// A playlist says `item` today and said `track` before; while that changes, entries have both.
const WRAPPERS: [&str; 2] = ["item", "track"];
/// What has tracks in it, and what is said of those that have them one step further in.
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
