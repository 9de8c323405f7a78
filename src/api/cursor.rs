//! Cursors of keyset pagination: the key of the last item of a page, as JSON in base64url. Opaque to clients.

use crate::error::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::Datelike;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromParameter, ParseResult, Type};
use sea_orm::sea_query::{Expr, ExprTrait, Order, SimpleExpr};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// Default number of items on a page.
pub fn default_limit() -> u32 {
    50
}

/// Takes the rows of a query for `limit` + 1 rows. Cuts them to the page, and returns the cursor of the next page
/// if there is one.
pub fn next<Row>(
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

/// Selects the rows after a key. Both engines answer this row comparison from an index over the columns.
pub fn after<const N: usize>(
    order: Order,
    columns: [SimpleExpr; N],
    key: [SimpleExpr; N],
) -> SimpleExpr {
    let (columns, key) = (Expr::tuple(columns), Expr::tuple(key));
    match order {
        Order::Desc => columns.lt(key),
        _ => columns.gt(key),
    }
}

pub struct Cursor(String);

impl Cursor {
    pub fn encode(key: &impl Serialize) -> String {
        BASE64.encode(serde_json::to_vec(key).expect("a key is plain data"))
    }

    pub fn decode<T: DeserializeOwned>(self) -> Result<T> {
        BASE64
            .decode(&self.0)
            .ok()
            .and_then(|key| serde_json::from_slice::<Vec<Value>>(&key).ok())
            .filter(|key| !key.iter().any(has_nul))
            .and_then(|key| serde_json::from_value(Value::Array(key)).ok())
            .ok_or_else(|| {
                let reason = "take it from next_cursor of the previous page, unchanged";
                Error::invalid("cursor", reason)
            })
    }
}

/// PostgreSQL refuses U+0000 in a parameter.
fn has_nul(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('\0'))
}

/// A date or an instant in a key. PostgreSQL has a smaller range of years than chrono.
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
