//! What one request may cost: how large its body is, how long it may take to come, how many are
//! answered at once, and how long an answer may take.

use super::operations::OPERATIONS;
use crate::error::Error;
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

const BODY_BYTES: usize = 1 << 20;
/// A ranked list carries up to ten thousand payloads.
const LIST_BYTES: usize = 16 << 20;
/// Of a body that is too large this much more is read and forgotten, so that the client can hear
/// that it is.
const FORGOTTEN_BYTES: usize = 64 << 20;
/// A whole body must be here by then.
const BODY_TIME: Duration = Duration::from_secs(20);
/// From the whole body to the answer: 2 s for a connection, the rest for the database's work.
const ANSWER_TIME: Duration = Duration::from_millis(4500);

static IN_FLIGHT: Semaphore = Semaphore::const_new(256);
/// Memory for bodies on their way in, in KiB; lists have their own, so that nothing small waits
/// behind them.
static BODIES: Semaphore = Semaphore::const_new(128 << 10);
static LISTS: Semaphore = Semaphore::const_new(128 << 10);
/// How long to wait for it.
const MEMORY_TIME: Duration = Duration::from_secs(2);

pub async fn bound<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let _memory = match has_body(request.headers()) {
        // In a box, because it is large and seldom wanted.
        true => Box::pin(take_body(&mut request)).await?,
        false => None,
    };
    let Ok(_place) = IN_FLIGHT.try_acquire() else {
        return Err(Error::Busy("Too many requests at once. Try again in a moment.").into());
    };
    match timeout(ANSWER_TIME, endpoint.call(request)).await {
        Ok(answer) => answer.map(IntoResponse::into_response),
        Err(_) => Err(Error::Busy(
            "The answer took too long. Nothing is lost; try again in a moment.",
        )
        .into()),
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    match length(headers) {
        Some(length) => length > 0,
        None => headers.contains_key(header::TRANSFER_ENCODING),
    }
}

async fn take_body(request: &mut Request) -> poem::Result<Held> {
    let most = limit(request);
    let body = timeout(BODY_TIME, body(request, most)).await;
    let (body, memory) = body.map_err(|_| {
        let reason = "The body of the request did not come to its end in time. Send it again.";
        poem::Error::from_string(reason, StatusCode::REQUEST_TIMEOUT)
    })??;
    request.set_body(body);
    Ok(memory)
}

fn limit(request: &Request) -> usize {
    let operation = OPERATIONS
        .find(request.uri().path())
        .and_then(|path| path.operation(request.method()));
    match (request.method(), operation) {
        (&Method::PUT, Some(operation)) if operation.id == "put_snapshot_list" => LIST_BYTES,
        _ => BODY_BYTES,
    }
}

type Held = Option<tokio::sync::SemaphorePermit<'static>>;

/// The whole body, unpacked, and the permit for the memory that it takes.
async fn body(request: &mut Request, most: usize) -> poem::Result<(Vec<u8>, Held)> {
    let length = length(request.headers());
    let packed = is_packed(request.headers());
    // A packed body may become as large as any.
    let size_bytes = match &packed {
        Ok(false) => length.unwrap_or(most).min(most),
        _ => most,
    };
    let kibibytes = size_bytes.div_ceil(1024) as u32;
    let memory = if most == LIST_BYTES { &LISTS } else { &BODIES };
    let memory = timeout(MEMORY_TIME, memory.acquire_many(kibibytes)).await;
    let memory = memory.map_err(|_| {
        Error::Busy("Too many bodies at once. Nothing is lost; try again in a moment.")
    })?;
    let bytes = read(request.take_body(), most).await?;
    // A client that is still sending would not hear why it is refused.
    let bytes = match packed? {
        true => tokio::task::spawn_blocking(move || unpack(&bytes, most))
            .await
            .map_err(poem::error::InternalServerError)??,
        false => bytes,
    };
    Ok((bytes, memory.ok()))
}

fn length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    // Beyond what a number holds it is beyond every limit too.
    Some(length.parse().unwrap_or(usize::MAX))
}

async fn read(body: Body, most: usize) -> poem::Result<Vec<u8>> {
    let mut chunks = body.into_bytes_stream();
    let mut bytes = Vec::new();
    let mut size_bytes = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(poem::error::BadRequest)?;
        size_bytes += chunk.len();
        if size_bytes <= most {
            bytes.extend_from_slice(&chunk);
        } else if size_bytes > FORGOTTEN_BYTES {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    match size_bytes <= most {
        true => Ok(bytes),
        false => Err(too_large(most)),
    }
}

/// Reads a body that nobody wants: a client that is still sending would not hear why.
pub async fn forget(request: &mut Request) {
    let _ = timeout(BODY_TIME, read(request.take_body(), 0)).await;
}

fn is_packed(headers: &HeaderMap) -> poem::Result<bool> {
    match headers
        .get(header::CONTENT_ENCODING)
        .map(|value| value.as_bytes())
    {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip" | b"x-gzip") => Ok(true),
        Some(_) => {
            let reason = "Content-Encoding: send the body as it is, or packed with gzip";
            Err(poem::Error::from_string(
                reason,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ))
        }
    }
}

fn unpack(packed: &[u8], most: usize) -> poem::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed)
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::invalid("body", format!("cannot be unpacked: {cause}")))?;
    match bytes.len() <= most {
        true => Ok(bytes),
        false => Err(too_large(most)),
    }
}

fn too_large(most: usize) -> poem::Error {
    let reason = format!(
        "The body may have {} MiB at most here, unpacked.",
        most >> 20
    );
    poem::Error::from_string(reason, StatusCode::PAYLOAD_TOO_LARGE)
}
