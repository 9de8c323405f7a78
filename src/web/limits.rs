//! Limits on requests: the memory and the deadline of a body, the number of requests in progress, the deadline of a
//! response. The size of a body is limited by its type (`api::body`).

use crate::api;
use crate::error::Error;
use crate::http::body;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Requests whose response is computed.
const MAX_REQUESTS: usize = 256;
/// Memory for bodies, in KiB. Small bodies have their own, so that they do not wait for large ones.
const BODIES_KIB: usize = 128 << 10;
const SMALL_BYTES: usize = 1 << 20;
/// Anybody may send a form.
const MAX_FORM_BYTES: usize = 16 << 10;
/// The deadline for memory to become free.
const MEMORY_DEADLINE: Duration = Duration::from_secs(2);
/// The deadline of a response, from the end of the body: 2 s for a connection, the rest for the database's work.
const RESPONSE_DEADLINE: Duration = Duration::from_millis(4500);

/// The same for responses that wait for the provider: two answers of 10 s, or three lists in 30 s, and the database.
const PROVIDER_DEADLINE: Duration = Duration::from_secs(35);
/// The same for what takes longer with more tracks.
const LIBRARY_DEADLINE: Duration = Duration::from_secs(120);
const LONGER: [(Method, &str, Duration); 6] = [
    (Method::POST, "/api/captures", PROVIDER_DEADLINE),
    (Method::GET, "/spotify/callback", PROVIDER_DEADLINE),
    (
        Method::POST,
        "/settings/spotify/callback",
        PROVIDER_DEADLINE,
    ),
    (Method::DELETE, "/api/library", LIBRARY_DEADLINE),
    (Method::POST, "/settings/clear", LIBRARY_DEADLINE),
    (Method::GET, "/settings/library.db", LIBRARY_DEADLINE),
];

fn deadline(request: &Request) -> Duration {
    let is_asked = |(method, path, _): &&(Method, &str, Duration)| {
        request.method() == method && request.uri().path() == *path
    };
    LONGER
        .iter()
        .find(is_asked)
        .map_or(RESPONSE_DEADLINE, |(_, _, deadline)| *deadline)
}

#[derive(Clone)]
pub struct Limits(Arc<Permits>);

struct Permits {
    requests: Semaphore,
    small_bodies: Semaphore,
    large_bodies: Semaphore,
}

impl Default for Limits {
    fn default() -> Self {
        Self(Arc::new(Permits {
            requests: Semaphore::new(MAX_REQUESTS),
            small_bodies: Semaphore::new(BODIES_KIB),
            large_bodies: Semaphore::new(BODIES_KIB),
        }))
    }
}

impl Limits {
    pub async fn apply<E: Endpoint>(
        self,
        endpoint: Arc<E>,
        mut request: Request,
    ) -> poem::Result<Response> {
        let _memory = match body::has_body(request.headers()) {
            // Boxed: the future is large and seldom needed.
            true => Some(Box::pin(self.read_body(&mut request)).await?),
            false => None,
        };
        let Ok(_permit) = self.0.requests.try_acquire() else {
            return Err(Error::Busy("Too many requests at once. Try again in a moment.").into());
        };
        match timeout(deadline(&request), endpoint.call(request)).await {
            Ok(response) => response.map(IntoResponse::into_response),
            Err(_) => Err(Error::Busy(
                "The answer took too long. Nothing is lost; try again in a moment.",
            )
            .into()),
        }
    }

    /// Reads the body into memory, and returns the permit for that memory.
    async fn read_body(&self, request: &mut Request) -> poem::Result<SemaphorePermit<'_>> {
        let is_form = !request.uri().path().starts_with("/api/");
        let limit = match is_form {
            true => MAX_FORM_BYTES,
            false => api::body::MAX_BYTES,
        };
        let read = async {
            let size_bytes = body::max_size(request.headers(), limit);
            let permit = self.memory(size_bytes).await?;
            let bytes = body::read(request, limit).await?;
            // PostgreSQL refuses U+0000 in a parameter.
            if is_form && bytes.windows(3).any(|part| part == b"%00") {
                return Err(Error::invalid("body", "contains the character U+0000").into());
            }
            request.set_body(bytes);
            Ok(permit)
        };
        timeout(body::DEADLINE, read).await.unwrap_or_else(|_| {
            let reason = "The body of the request did not come to its end in time. Send it again.";
            let status = StatusCode::REQUEST_TIMEOUT;
            Err(poem::Error::from_string(reason, status))
        })
    }

    async fn memory(&self, size_bytes: usize) -> poem::Result<SemaphorePermit<'_>> {
        let memory = match size_bytes {
            0..=SMALL_BYTES => &self.0.small_bodies,
            _ => &self.0.large_bodies,
        };
        let kib = size_bytes.div_ceil(1024) as u32;
        let permit = timeout(MEMORY_DEADLINE, memory.acquire_many(kib)).await;
        let permit = permit.ok().and_then(Result::ok);
        permit.ok_or_else(|| {
            Error::Busy("Too many bodies at once. Nothing is lost; try again in a moment.").into()
        })
    }
}
