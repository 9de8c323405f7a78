//! Files that are one JSON text, however long: an array of elements, a page, or a single object.

use super::{Found, Item, Parcel, Position, Shape, Stopped, shape};
use crate::payload::{self, LONGEST_LIST, MAX_BYTES};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::de::Read;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

pub fn read<'de>(
    mut parser: serde_json::Deserializer<impl Read<'de>>,
    found: &mut Found,
) -> anyhow::Result<()> {
    loop {
        Whole(found).deserialize(&mut parser)?;
        if parser.end().is_ok() {
            return Ok(());
        }
    }
}

/// The whole text.
struct Whole<'a, 'b>(&'a mut Found<'b>);

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
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
            list: self.0.place.is_some().then(Vec::new),
            found: self.0,
            seen: false,
        };
        // What stands beside the items: small in a page, and all of a track that stands alone.
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

/// An object at the top of the text.
struct Page<'a, 'b> {
    found: &'a mut Found<'b>,
    /// The ranked list it may be, while nothing speaks against that.
    list: Option<Vec<Item>>,
    /// Whether it has items at all.
    seen: bool,
}

impl Page<'_, '_> {
    fn item(&mut self, position: &Position, text: &RawValue) -> Result<(), Stopped> {
        // A longer one is not held in memory: its tracks stand for themselves.
        let is_long = self
            .list
            .as_ref()
            .is_some_and(|list| list.len() == LONGEST_LIST);
        if is_long || (self.list.is_some() && !matches!(shape(text), Shape::Track)) {
            self.is_no_list()?;
        }
        match &mut self.list {
            Some(list) => list.push(self.found.item(position, text)),
            None => self.found.element(position, text)?,
        }
        Ok(())
    }

    /// A playlist, say: its tracks stand for themselves.
    fn is_no_list(&mut self) -> Result<(), Stopped> {
        let items = self.list.take().unwrap_or_default();
        items
            .into_iter()
            .try_for_each(|item| self.found.track(item))
    }

    fn end(self, rest: BTreeMap<String, Box<RawValue>>, size_bytes: usize) -> Result<(), Stopped> {
        if !self.seen && size_bytes > MAX_BYTES {
            let refused = self
                .found
                .refused(&Position::default(), payload::too_large());
            return self.found.track(Err(refused));
        }
        if !self.seen {
            let text = serde_json::value::to_raw_value(&rest).map_err(|_| Stopped)?;
            return self.found.element(&Position::default(), &text);
        }
        let Some((items, place)) = self.list.zip(self.found.place.clone()) else {
            return Ok(());
        };
        let fault = payload::first_page(rest.get("offset").map(Box::as_ref));
        let fault = fault.map_err(|refusal| self.found.refused(&Position::default(), refusal));
        self.found.send()?;
        self.found.deliver(Parcel::List {
            place,
            items,
            fault: fault.err(),
        })
    }
}

/// The items of a page: an array, or an object that has them.
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
        self.0.seen = true;
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
