//! Files that are part of the program: our stylesheet and scripts, and what is vendored.
//!
//! The hash in a path names the file's content, so browsers may keep it for ever.

use poem::http::header;
use poem::web::Path;
use poem::{IntoResponse, Response, handler};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Assets;

/// Where the asset of this name is served.
pub fn url(name: &'static str) -> String {
    let file = Assets::get(name).expect("pages name assets that are there");
    format!("/assets/{}/{name}", version(&file))
}

#[handler]
pub fn serve(Path((hash, name)): Path<(String, String)>) -> poem::Result<Response> {
    let file = Assets::get(&name)
        .filter(|file| version(file) == hash)
        .ok_or(poem::error::NotFoundError)?;
    Ok(file
        .data
        .into_owned()
        .with_content_type(content_type(&name))
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .into_response())
}

fn version(file: &rust_embed::EmbeddedFile) -> String {
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
