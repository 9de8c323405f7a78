//! Files that are one JSON text of any length: an array, a page, or a single object.

use super::{FileReader, Found, Item, Position, Shape, Stopped, shape};
use crate::payload::{self, LONGEST_LIST, MAX_BYTES};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::de::Read;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

pub fn read<'de>(
    mut parser: serde_json::Deserializer<impl Read<'de>>,
    reader: &mut FileReader,
) -> anyhow::Result<()> {
    loop {
        Document(reader).deserialize(&mut parser)?;
        if parser.end().is_ok() {
            return Ok(());
        }
    }
}

struct Document<'a, 'b>(&'a mut FileReader<'b>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("track objects, or a page of them")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
        let whole = Position::default();
        let mut index = 0;
        while let Some(text) = elements.next_element::<Box<RawValue>>()? {
            self.0
                .element(&whole.item(index), &text)
                .map_err(S::Error::custom)?;
            index += 1;
        }
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<(), M::Error> {
        let mut page = Page {
            list: match self.0.origin {
                Some(_) => List::Ranked(Vec::new()),
                None => List::Unranked(0),
            },
            reader: self.0,
            items_key: None,
        };
        // The other members: a few in a page, all of them in a single track.
        let mut rest = BTreeMap::new();
        let mut size_bytes = 0;
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "items" => members.next_value_seed(Items(&mut page, "items"))?,
                "tracks" => members.next_value_seed(Items(&mut page, "tracks"))?,
                _ => {
                    let text = members.next_value::<Box<RawValue>>()?;
                    size_bytes += key.len() + text.get().len();
                    if size_bytes <= MAX_BYTES || key == "offset" {
                        rest.insert(key, text);
                    }
                }
            }
        }
        page.end(rest, size_bytes).map_err(M::Error::custom)
    }
}

/// An object that is the whole text.
struct Page<'a, 'b> {
    reader: &'a mut FileReader<'b>,
    list: List,
    /// `None` when the object is not a page.
    items_key: Option<&'static str>,
}

/// The ranked list that a page may be, as far as its items have been read.
enum List {
    /// Its day and range are known. The items are sent together.
    Ranked(Vec<Item>),
    /// Its day or range is unknown. The items are sent as they come, and counted.
    Unranked(usize),
    /// It is something else, such as a playlist.
    None,
}

impl Page<'_, '_> {
    /// Items beyond the longest list are sent as they come, so that memory stays bounded.
    fn item(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        match &mut self.list {
            List::Ranked(items) if items.len() < LONGEST_LIST && is_track(text) => {
                items.push(self.reader.item(position, text));
                return Ok(());
            }
            List::Unranked(count) if *count < LONGEST_LIST && has_album(text) => *count += 1,
            _ => self.is_no_list()?,
        }
        self.reader.element(position, text)
    }

    fn is_no_list(&mut self) -> Result<(), Stopped> {
        match std::mem::replace(&mut self.list, List::None) {
            List::Ranked(items) => items
                .into_iter()
                .try_for_each(|item| self.reader.push(item)),
            List::Unranked(_) | List::None => Ok(()),
        }
    }

    fn end(self, rest: BTreeMap<String, Box<RawValue>>, size_bytes: usize) -> Result<(), Stopped> {
        let whole = Position::default();
        let Some(key) = self.items_key else {
            if size_bytes > MAX_BYTES {
                let refused = self.reader.refused(&whole, payload::too_large());
                return self.reader.push(Err(refused));
            }
            let text = serde_json::value::to_raw_value(&rest).map_err(|_| Stopped)?;
            return self.reader.element(&whole, &text);
        };
        let offset = rest.get("offset").map(Box::as_ref);
        match (self.list, self.reader.origin.clone()) {
            (List::Ranked(items), Some(origin)) => {
                let fault = payload::first_page(offset);
                let fault = fault.map_err(|refusal| self.reader.refused(&whole, refusal));
                self.reader.flush()?;
                self.reader.send(Found::List {
                    origin,
                    items,
                    fault: fault.err(),
                })
            }
            (List::Unranked(1..), _) if key == "items" || offset.is_some() => {
                self.reader.has_unranked_list = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn is_track(text: &RawValue) -> bool {
    matches!(shape(text), Shape::Track)
}

/// Whether this is a track object as in a top list. Items of albums have no album, and saved albums
/// have no artists.
fn has_album(text: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct ListedTrack {
        #[serde(rename = "album")]
        _album: IgnoredAny,
        #[serde(rename = "artists")]
        _artists: IgnoredAny,
    }
    is_track(text) && serde_json::from_str::<ListedTrack>(text.get()).is_ok()
}

/// The items of a page: an array, or an object with an array in its `items`.
struct Items<'a, 'b, 'c>(&'a mut Page<'b, 'c>, &'static str);

impl<'de> DeserializeSeed<'de> for Items<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "a list of track objects in `{}`", self.1)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
        self.0.items_key = Some(self.1);
        let all = Position::default().member(self.1);
        let mut index = 0;
        while let Some(text) = elements.next_element::<Box<RawValue>>()? {
            self.0
                .item(&all.item(index), &text)
                .map_err(S::Error::custom)?;
            index += 1;
        }
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<(), M::Error> {
        self.0.is_no_list().map_err(M::Error::custom)?;
        let inner = match self.1 {
            "items" => "items.items",
            _ => "tracks.items",
        };
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "items" => members.next_value_seed(Items(self.0, inner))?,
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}
