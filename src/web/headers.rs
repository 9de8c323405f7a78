//! The security headers of every response.

use super::peer::PeerPolicy;
use crate::http::POLICY;
use poem::http::{HeaderValue, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;

/// No page needs any of these.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

/// A page with a content security policy or a cache control of its own keeps it.
pub async fn protect<E: Endpoint>(
    endpoint: Arc<E>,
    request: Request,
    peers: PeerPolicy,
) -> poem::Result<Response> {
    let is_https = peers.is_https(&request);
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
    let resource_policy = header::HeaderName::from_static("cross-origin-resource-policy");
    default(resource_policy, "same-origin");
    let permissions_policy = header::HeaderName::from_static("permissions-policy");
    default(permissions_policy, PERMISSIONS);
    default(header::CACHE_CONTROL, "no-cache");
    if is_https {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    Ok(response)
}
