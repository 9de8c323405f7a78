//! What every answer carries: what a browser may do with it.

use poem::http::{HeaderValue, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;

/// Covers come from the provider's image host; nothing else leaves this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: https://i.scdn.co; connect-src 'self'; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Swagger UI sets style attributes.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub async fn protect<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let policy = match request.uri().path() {
        "/docs" => DOCS_POLICY,
        _ => POLICY,
    };
    let mut response = endpoint.call(request).await?.into_response();
    let headers = response.headers_mut();
    let mut set = |name, value| drop(headers.insert(name, HeaderValue::from_static(value)));
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(header::HeaderName::from_static("x-robots-tag"), "noindex");
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    Ok(response)
}
