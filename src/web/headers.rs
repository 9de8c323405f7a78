//! The security headers of every response.

use crate::http::POLICY;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;

/// A page with a content security policy or a cache control of its own keeps it.
pub async fn protect<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let mut response = endpoint.call(request).await?.into_response();
    let headers = response.headers_mut();
    let mut default = |name, value| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, POLICY);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::REFERRER_POLICY, "same-origin");
    let opener_policy = header::HeaderName::from_static("cross-origin-opener-policy");
    default(opener_policy, "same-origin");
    default(header::CACHE_CONTROL, "no-cache");
    Ok(response)
}
