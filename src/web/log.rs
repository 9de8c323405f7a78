//! One log line per request. The query is left out, because it may contain secrets. The span of poem adds the
//! request id to each line.

use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;
use std::time::Instant;

/// The longest path in a line, in characters.
const MAX_PATH: usize = 256;

pub async fn requests<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let started = Instant::now();
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MAX_PATH).collect();
    let response = endpoint.call(request).await?.into_response();
    if !matches!(path.as_str(), "/livez" | "/readyz") {
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        let status = response.status().as_u16();
        tracing::info!(%method, path, status, duration_ms, "request");
    }
    Ok(response)
}
