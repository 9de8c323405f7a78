//! The JSON body of a request: its shape for the document, and the way it is read.

use crate::error::Error;
use crate::payload::Refusal;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::impl_apirequest_for_payload;
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;

/// A type whose schema stands in the document, and what is read where the document has it.
pub trait Shape: Type {
    type Read: Send + 'static;

    fn read(text: &str) -> std::result::Result<Self::Read, Refusal>;
}

pub struct Body<T: Shape>(pub T::Read);

impl<T: Shape> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    /// With or without a charset: it is UTF-8 in any case.
    fn check_content_type(content_type: &str) -> bool {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Shape> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        // Sixteen mebibytes take a while.
        let read = tokio::task::spawn_blocking(move || {
            let text = std::str::from_utf8(&bytes)
                .map_err(|cause| Refusal::new("", format!("is not UTF-8: {cause}")))?;
            T::read(text)
        });
        let read = read.await.map_err(poem::error::InternalServerError)?;
        Ok(Self(read.map_err(invalid)?))
    }
}

/// A refusal as the caller's mistake; what concerns the whole body is named so.
pub fn invalid(refusal: Refusal) -> Error {
    let field = match refusal.path.as_str() {
        "" => "body",
        path => path,
    };
    Error::invalid(field, refusal.reason)
}

impl_apirequest_for_payload!(Body<T>, T: Shape);
