//! Where a page ended: opaque to clients, a JSON value in base64url to us.

use crate::error::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromParameter, ParseResult, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// Items on a page when the caller does not say.
pub fn limit() -> u32 {
    50
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
            .filter(|place| !place.windows(6).any(|escape| escape == b"\\u0000"))
            .and_then(|place| serde_json::from_slice(&place).ok())
            .ok_or_else(|| {
                let reason = "take it from next_cursor of the page before, as it is";
                Error::invalid("cursor", reason)
            })
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
