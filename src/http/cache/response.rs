//! A kept response in its two content codings.

use super::Version;
use crate::http::coding::{Preferences, Representation, gzip};
use hyper::body::Body as _;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::{Body, Response};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// Compressing less than this saves nothing.
const MIN_GZIP_BYTES: usize = 1024;
/// Compressing more than this takes so long that it gets a thread of its own.
const MAX_INLINE_GZIP_BYTES: usize = 64 << 10;
/// The number of headers for which a response reserves room.
const HEADERS: usize = 16;

#[derive(Clone)]
pub struct KeptResponse {
    pub version: Version,
    /// When the version was read.
    pub valid_at: Instant,
    headers: HeaderMap,
    /// The entity tags are made of it.
    hash: String,
    plain: Representation,
    gzip: Option<Representation>,
}

/// Why there is no response to keep.
pub enum NotKept {
    Failed(poem::Error),
    /// It depends on more than the key, or is no 200.
    Response(Response),
}

impl From<poem::Error> for NotKept {
    fn from(error: poem::Error) -> Self {
        Self::Failed(error)
    }
}

impl KeptResponse {
    pub async fn of(
        mut response: Response,
        version: Version,
        valid_at: Instant,
    ) -> Result<Self, NotKept> {
        // Only hyper has a way to find out whether a body is a stream.
        let body = hyper::Response::from(Response::from(response.take_body())).into_body();
        let is_stream = body.size_hint().exact().is_none();
        response.set_body(body);
        if is_stream || response.status() != StatusCode::OK || depends_on_more(response.headers()) {
            return Err(NotKept::Response(response));
        }
        let body = response.take_body().into_bytes().await;
        let plain = body.map_err(|cause| NotKept::Failed(cause.into()))?;
        let gzip = match plain.len() {
            0..MIN_GZIP_BYTES => None,
            MIN_GZIP_BYTES..=MAX_INLINE_GZIP_BYTES => gzip(&plain),
            _ => {
                let plain = plain.clone();
                let compression = tokio::task::spawn_blocking(move || gzip(&plain));
                compression.await.unwrap_or_default()
            }
        };
        let mut hash = format!("{:x}", Sha256::digest(&plain));
        hash.truncate(32);
        Ok(Self {
            version,
            valid_at,
            headers: std::mem::take(response.headers_mut()),
            gzip: gzip.map(|body| Representation::new(&format!("{hash}-gzip"), body)),
            plain: Representation::new(&hash, plain),
            hash,
        })
    }

    /// The same response, whose version was read again.
    pub fn valid_again(&self, valid_at: Instant) -> Self {
        Self {
            valid_at,
            ..self.clone()
        }
    }

    /// The size in memory.
    pub fn size_bytes(&self) -> usize {
        let gzip = self.gzip.as_ref().map_or(0, |gzip| gzip.body.len());
        self.plain.body.len() + gzip + size_of::<Self>()
    }

    pub fn respond(&self, preferences: &Preferences) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| preferences.gzip);
        let representation = gzip.unwrap_or(&self.plain);
        let mut response = Response::default();
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.extend(self.headers.clone());
        headers.insert(header::ETAG, representation.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if preferences.has(&self.hash) {
            headers.remove(header::CONTENT_TYPE);
            response.set_status(StatusCode::NOT_MODIFIED);
            return response;
        }
        if gzip.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response.set_body(Body::from_bytes(representation.body.clone()));
        response
    }
}

/// Whether a response depends on more than its key: on the caller, or on other headers of the request. A download is
/// not kept either.
fn depends_on_more(headers: &HeaderMap) -> bool {
    let is_private = |value: &HeaderValue| {
        let directives = value.to_str().unwrap_or_default();
        directives.contains("private") || directives.contains("no-store")
    };
    headers.contains_key(header::SET_COOKIE)
        || headers.contains_key(header::CONTENT_DISPOSITION)
        || headers.contains_key(header::VARY)
        || headers.get(header::CACHE_CONTROL).is_some_and(is_private)
}
