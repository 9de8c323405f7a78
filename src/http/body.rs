//! The body of a request: read whole, with a limit, and decompressed.

use crate::error::Error;
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use poem::http::{HeaderMap, StatusCode, header};
use poem::{Body, Request};
use std::io::Read;
use std::time::Duration;
use tokio::time::timeout;

/// The deadline for a whole body.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// Drain up to this much of an oversized body, so that the client can read the 413.
const DRAIN_BYTES: usize = 64 << 20;

/// Whether the request has a body, by its headers.
pub fn has_body(headers: &HeaderMap) -> bool {
    match content_length(headers) {
        Some(length) => length > 0,
        None => headers.contains_key(header::TRANSFER_ENCODING),
    }
}

/// The most memory that the body can take. A compressed or chunked body may reach the limit.
pub fn max_size(headers: &HeaderMap, limit: usize) -> usize {
    match (content_length(headers), is_gzip(headers)) {
        (Some(length), Ok(false)) => length.min(limit),
        _ => limit,
    }
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    // A number that overflows is beyond every limit.
    Some(length.parse().unwrap_or(usize::MAX))
}

/// The whole body, decompressed.
pub async fn read(request: &mut Request, limit: usize) -> poem::Result<Vec<u8>> {
    let gzip = is_gzip(request.headers());
    let bytes = read_all(request.take_body(), limit).await?;
    // Checked after the body was read: a client that is still sending would not read the 415.
    match gzip? {
        true => tokio::task::spawn_blocking(move || decompress(&bytes, limit))
            .await
            .map_err(poem::error::InternalServerError)?,
        false => Ok(bytes),
    }
}

/// Drains a body that is not used: a client that is still sending would not read the response.
pub async fn drain(request: &mut Request) {
    let _ = timeout(DEADLINE, read_all(request.take_body(), 0)).await;
}

async fn read_all(body: Body, limit: usize) -> poem::Result<Vec<u8>> {
    let mut chunks = body.into_bytes_stream();
    let mut bytes = Vec::new();
    let mut size_bytes = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(poem::error::BadRequest)?;
        size_bytes += chunk.len();
        if size_bytes <= limit {
            bytes.extend_from_slice(&chunk);
        } else if size_bytes > DRAIN_BYTES {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    match size_bytes <= limit {
        true => Ok(bytes),
        false => Err(too_large(limit)),
    }
}

fn is_gzip(headers: &HeaderMap) -> poem::Result<bool> {
    let coding = headers.get(header::CONTENT_ENCODING);
    match coding.map(|value| value.as_bytes()) {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip" | b"x-gzip") => Ok(true),
        Some(_) => {
            let reason = "Content-Encoding: send the body as it is, or compressed with gzip";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(poem::Error::from_string(reason, status))
        }
    }
}

fn decompress(compressed: &[u8], limit: usize) -> poem::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(compressed)
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::invalid("body", format!("cannot be decompressed: {cause}")))?;
    match bytes.len() <= limit {
        true => Ok(bytes),
        false => Err(too_large(limit)),
    }
}

pub fn too_large(limit: usize) -> poem::Error {
    let reason = format!(
        "The body may have at most {} MiB here, decompressed.",
        limit >> 20
    );
    poem::Error::from_string(reason, StatusCode::PAYLOAD_TOO_LARGE)
}
