//! The forms in which an answer goes out, and which of them a request wants.

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use poem::http::{HeaderMap, HeaderValue, header};
use std::io::Write;

/// An answer as it goes out.
#[derive(Clone)]
pub struct Form {
    pub tag: HeaderValue,
    pub body: Bytes,
}

/// What a request says of the answer that it wants.
pub struct Wanted {
    pub gzip: bool,
    /// The `If-None-Match`s.
    known: Vec<HeaderValue>,
}

impl Form {
    pub fn of(tag: &str, body: Bytes) -> Self {
        let tag = HeaderValue::try_from(format!("\"{tag}\""));
        Self {
            tag: tag.expect("hexadecimal digits are a header value"),
            body,
        }
    }
}

impl Wanted {
    pub fn of(headers: &HeaderMap) -> Self {
        let known = headers.get_all(header::IF_NONE_MATCH);
        Self {
            gzip: accepts_gzip(headers),
            known: known.into_iter().cloned().collect(),
        }
    }

    /// RFC 9110 compares weakly here: `W/` does not count.
    pub fn knows(&self, hash: &str) -> bool {
        self.known
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|known| known.trim().trim_start_matches("W/").trim_matches('"'))
            .any(|known| known == "*" || known.trim_end_matches("-gzip") == hash)
    }
}

/// Whether the client takes gzip: it names it, or anything where it does not, with a weight.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let weighs = |wanted: &str| {
        let accepted = headers.get_all(header::ACCEPT_ENCODING).into_iter();
        accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|coding| coding.split_once(';').unwrap_or((coding, "q=1")))
            .find(|(name, _)| name.trim() == wanted)
            .map(|(_, weight)| {
                let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
                weight.is_ok_and(|weight| weight > 0.0)
            })
    };
    weighs("gzip").or_else(|| weighs("*")).unwrap_or(false)
}

pub fn pack(plain: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(5));
    packer.write_all(plain).ok()?;
    packer.finish().ok().map(Bytes::from)
}
