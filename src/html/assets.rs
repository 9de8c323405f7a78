//! Serves the files that are embedded in the program: our own stylesheet and scripts, and the vendored ones.
//!
//! The URL of an asset contains a hash of its content, so browsers may cache it for ever. `build.rs` joins the stylesheet
//! and compresses it and the scripts.

use crate::http::coding;
use poem::http::{HeaderMap, header};
use poem::web::Path;
use poem::{Body, IntoResponse, Response, handler};
use rust_embed::{Embed, EmbeddedFile};
use std::borrow::Cow;

#[derive(Embed)]
#[folder = "$OUT_DIR/assets"]
struct Assets;

/// Scripts and stylesheets, compressed.
#[derive(Embed)]
#[folder = "$OUT_DIR/gzip"]
struct Gzip;

/// The URL path of an asset.
pub fn url(name: &'static str) -> String {
    let file = Assets::get(name).expect("pages name existing assets");
    format!("/assets/{}/{name}", version(&file))
}

#[handler]
pub fn serve(
    Path((hash, name)): Path<(String, String)>,
    headers: &HeaderMap,
) -> poem::Result<Response> {
    let file = Assets::get(&name)
        .filter(|file| version(file) == hash)
        .ok_or(poem::error::NotFoundError)?;
    let compressed = coding::accepts_gzip(headers)
        .then(|| Gzip::get(&name))
        .flatten();
    let is_compressed = compressed.is_some();
    let mut response = content(compressed.unwrap_or(file))
        .with_content_type(content_type(&name))
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .with_header(header::VARY, "accept-encoding")
        .into_response();
    if is_compressed {
        let gzip = header::HeaderValue::from_static("gzip");
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}

/// Embedded bytes are sent without a copy.
fn content(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from_bytes(bytes.into()),
        Cow::Owned(bytes) => Body::from_vec(bytes),
    }
}

/// The first 48 bits of the hash of the content.
fn version(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    hash.iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
