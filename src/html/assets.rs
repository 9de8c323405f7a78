//! Files that are part of the program: our stylesheet and scripts, and what is vendored.
//!
//! The hash in a path names the file's content, so browsers may keep it for ever. Scripts and
//! stylesheets are there a second time, packed when the program was built.

use crate::http::coding;
use poem::http::{HeaderMap, header};
use poem::web::Path;
use poem::{Body, IntoResponse, Response, handler};
use rust_embed::{Embed, EmbeddedFile};
use std::borrow::Cow;

#[derive(Embed)]
#[folder = "src/html/assets"]
struct Assets;

#[derive(Embed)]
#[folder = "$OUT_DIR/packed"]
struct Packed;

/// Where the asset of this name is served.
pub fn url(name: &'static str) -> String {
    let file = Assets::get(name).expect("pages name assets that are there");
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
    let packed = coding::accepts_gzip(headers)
        .then(|| Packed::get(&name))
        .flatten();
    let is_packed = packed.is_some();
    let mut response = content(packed.unwrap_or(file))
        .with_content_type(content_type(&name))
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .with_header(header::VARY, "accept-encoding")
        .into_response();
    if is_packed {
        let gzip = header::HeaderValue::from_static("gzip");
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}

/// Served from where it lies in the program.
fn content(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from_bytes(bytes.into()),
        Cow::Owned(bytes) => Body::from_vec(bytes),
    }
}

fn version(file: &EmbeddedFile) -> String {
    hex::encode(&file.metadata.sha256_hash()[..6])
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
