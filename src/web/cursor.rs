//! Where a page ended: opaque to clients, a JSON value in base64url to us.

use crate::error::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::Datelike;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromParameter, ParseResult, Type};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// Items on a page when the caller does not say.
pub fn limit() -> u32 {
    50
}

/// Ends a page for which one row more than `limit` was asked: gives the cursor to the next page
/// when there is one.
pub fn end_page<Row>(
    rows: &mut Vec<Row>,
    limit: u64,
    cursor: impl FnOnce(&Row) -> String,
) -> Option<String> {
    if rows.len() as u64 <= limit {
        return None;
    }
    rows.truncate(limit as usize);
    rows.last().map(cursor)
}

pub struct Cursor(String);

impl Cursor {
    pub fn of(place: &impl Serialize) -> String {
        BASE64.encode(serde_json::to_vec(place).expect("a place is plain data"))
    }

    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        BASE64
            .decode(&self.0)
            .ok()
            .and_then(|place| serde_json::from_slice::<Vec<Value>>(&place).ok())
            .filter(|place| !place.iter().any(has_nul))
            .and_then(|place| serde_json::from_value(Value::Array(place)).ok())
            .ok_or_else(|| {
                let reason = "take it from next_cursor of the page before, as it is";
                Error::invalid("cursor", reason)
            })
    }
}

/// No text in the library has U+0000, and PostgreSQL cannot even be asked for it.
fn has_nul(member: &Value) -> bool {
    member.as_str().is_some_and(|text| text.contains('\0'))
}

/// A day or a moment in a place: PostgreSQL knows fewer years than its text can say.
#[derive(Debug)]
pub struct Dated<T>(pub T);

impl<'de, T: Deserialize<'de> + Datelike> Deserialize<'de> for Dated<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let date = T::deserialize(from)?;
        match (1..=9999).contains(&date.year()) {
            true => Ok(Self(date)),
            false => Err(D::Error::custom("the year must lie between 1 and 9999")),
        }
    }
}

impl Type for Cursor {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "cursor".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Cursor {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Ok(Self(value.into()))
    }
}
