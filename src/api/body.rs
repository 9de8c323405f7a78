//! The JSON body of a request, validated against its schema in the document.

use super::problem::invalid;
use crate::http::body::too_large;
use crate::payload::{self, Refusal, Tree};
use poem::{FromRequest, Request, Result};
use poem_openapi::impl_apirequest_for_payload;
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A type with a schema in the document, and the function that reads such a body.
pub trait RequestBody: Type {
    /// The largest body.
    const MAX_BYTES: usize = 1 << 20;
    /// Whether unknown members are accepted.
    const IS_OPEN: bool = false;
    type Read: Send + 'static;

    fn read(text: &str) -> std::result::Result<Self::Read, Refusal>;

    /// The schema of the type, with its bounds.
    fn schema() -> MetaSchema {
        let mut registry = Registry::new();
        Self::register(&mut registry);
        let schema = registry.schemas.remove(Self::name().as_ref());
        schema.expect("an object has a schema")
    }
}

/// The largest body of any operation.
pub const MAX_BYTES: usize = 16 << 20;

pub struct Body<T: RequestBody>(pub T::Read);

impl<T: RequestBody> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    /// With any charset: JSON is UTF-8.
    fn check_content_type(content_type: &str) -> bool {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    /// An open body has a schema for additional members; the document closes all others.
    fn register(registry: &mut Registry) {
        T::register(registry);
        if T::IS_OPEN
            && let Some(schema) = registry.schemas.get_mut(T::name().as_ref())
        {
            let any = MetaSchemaRef::Inline(Box::new(MetaSchema::ANY));
            schema.additional_properties = Some(Box::new(any));
        }
    }
}

impl<T: RequestBody> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut poem::RequestBody) -> Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        if bytes.len() > T::MAX_BYTES {
            return Err(too_large(T::MAX_BYTES));
        }
        // A large body takes a while to parse.
        let read = tokio::task::spawn_blocking(move || {
            let text = std::str::from_utf8(&bytes)
                .map_err(|cause| Refusal::new("", format!("is not UTF-8: {cause}")))?;
            T::read(text)
        });
        let read = read.await.map_err(poem::error::InternalServerError)?;
        Ok(Self(read.map_err(invalid)?))
    }
}

impl_apirequest_for_payload!(Body<T>, T: RequestBody);

/// The members of an object as they are in the text. Of duplicate keys the last counts.
pub type RawMembers<'a> = BTreeMap<String, &'a RawValue>;

pub fn raw_members(text: &str) -> std::result::Result<RawMembers<'_>, Refusal> {
    serde_json::from_str(text).map_err(|cause| {
        let reason = match serde_json::from_str::<&RawValue>(text) {
            Ok(_) => "an object was expected".to_owned(),
            Err(_) => format!("not JSON: {cause}"),
        };
        Refusal::new("", reason)
    })
}

/// The members of an object, validated against its schema. A member that is null is absent, if it is optional.
pub fn members<'a>(
    text: &'a str,
    schema: &MetaSchema,
) -> std::result::Result<BTreeMap<&'static str, Tree<'a>>, Refusal> {
    let mut raw = raw_members(text)?;
    let mut members = BTreeMap::new();
    for (key, property) in &schema.properties {
        let value = raw.remove(*key).map(|text| payload::json(text.get()));
        let value = value
            .transpose()
            .map_err(|refusal| refusal.within(key))?
            .filter(|value| *value != Tree::Null || schema.required.contains(key));
        match value {
            Some(value) => {
                validate(key, &value, property)?;
                members.insert(*key, value);
            }
            None if schema.required.contains(key) => return Err(Refusal::new(*key, "is missing")),
            None => {}
        }
    }
    match raw.into_keys().next() {
        None => Ok(members),
        Some(key) => {
            let shown: String = key.chars().take(64).collect();
            let reason = "is not known here; see /docs for the members that are";
            Err(Refusal::new(shown, reason))
        }
    }
}

/// Checks the length of a list against the schema.
pub fn check_length(
    schema: &MetaSchema,
    key: &str,
    length: usize,
) -> std::result::Result<(), Refusal> {
    let mut properties = schema.properties.iter();
    let max = properties.find_map(|(name, property)| match property {
        MetaSchemaRef::Inline(schema) if *name == key => schema.max_items,
        _ => None,
    });
    match max {
        Some(max) if length > max => {
            let reason = format!("must have at most {max} items");
            Err(Refusal::new(key, reason))
        }
        _ => Ok(()),
    }
}

/// Checks the type and the bounds of a member. Integers have 32 bits.
fn validate(key: &str, value: &Tree, property: &MetaSchemaRef) -> std::result::Result<(), Refusal> {
    let MetaSchemaRef::Inline(schema) = property else {
        return Ok(());
    };
    let min = schema.minimum.map_or(i64::from(i32::MIN), |min| min as i64);
    let max = schema.maximum.map_or(i64::from(i32::MAX), |max| max as i64);
    let reason = match (schema.ty, value) {
        ("string", Tree::String(text)) => match schema.max_length {
            Some(max) if text.chars().count() > max => {
                format!("must have at most {max} characters")
            }
            _ => return Ok(()),
        },
        ("string", other) => return Err(Refusal::not_a(key, "a string", other)),
        ("integer", value) => match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => return Ok(()),
            _ => format!("a whole number from {min} to {max} was expected"),
        },
        _ => return Ok(()),
    };
    Err(Refusal::new(key, reason))
}
