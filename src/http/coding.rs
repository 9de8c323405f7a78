//! Content codings and entity tags: what a request accepts, and the forms of a response.

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use poem::http::{HeaderMap, HeaderValue, header};
use std::io::Write;

/// A body in one content coding, with the entity tag of that form.
#[derive(Clone)]
pub struct Representation {
    pub etag: HeaderValue,
    pub body: Bytes,
}

impl Representation {
    pub fn new(etag: &str, body: Bytes) -> Self {
        let etag = HeaderValue::try_from(format!("\"{etag}\""));
        Self {
            etag: etag.expect("hexadecimal digits are a header value"),
            body,
        }
    }
}

/// The headers of a request that select the form of its response.
pub struct Preferences {
    pub gzip: bool,
    if_none_match: Vec<HeaderValue>,
}

impl Preferences {
    pub fn of(headers: &HeaderMap) -> Self {
        let if_none_match = headers.get_all(header::IF_NONE_MATCH);
        Self {
            gzip: accepts_gzip(headers),
            if_none_match: if_none_match.into_iter().cloned().collect(),
        }
    }

    /// Whether `If-None-Match` names this hash, in any content coding. RFC 9110 asks for the weak comparison
    /// here, which ignores `W/`.
    pub fn has(&self, hash: &str) -> bool {
        self.if_none_match
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
            .any(|tag| tag == "*" || tag.trim_end_matches("-gzip") == hash)
    }
}

/// Whether `Accept-Encoding` allows gzip: by name, else by `*`, with a weight above 0.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepts = |coding: &str| {
        let accepted = headers.get_all(header::ACCEPT_ENCODING).into_iter();
        accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|item| item.split_once(';').unwrap_or((item, "q=1")))
            .find(|(name, _)| name.trim() == coding)
            .map(|(_, weight)| {
                let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
                weight.is_ok_and(|weight| weight > 0.0)
            })
    };
    accepts("gzip").or_else(|| accepts("*")).unwrap_or(false)
}

pub fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(5));
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
