//! What every answer carries: what a browser may do with it, and which version of it this is.

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use sha2::{Digest, Sha256};
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

/// Gives what was read a strong `ETag`, and 304 to those who have it already.
pub async fn validate<E: Endpoint>(
    endpoint: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    // HEAD answers what GET would; the server leaves the body out.
    if *request.method() == Method::HEAD {
        request.set_method(Method::GET);
    }
    let read = *request.method() == Method::GET;
    let known = request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .cloned()
        .collect();
    let mut response = endpoint.call(request).await?.into_response();
    if !read || response.status() != StatusCode::OK {
        return Ok(response);
    }
    let body = response.take_body().into_bytes().await?;
    let tag = tag(&body);
    response.headers_mut().insert(header::ETAG, tag.clone());
    if matches(known, &tag) {
        response.set_status(StatusCode::NOT_MODIFIED);
        response.headers_mut().remove(header::CONTENT_TYPE);
        return Ok(response);
    }
    response.set_body(Body::from_bytes(body));
    Ok(response)
}

fn tag(body: &[u8]) -> HeaderValue {
    let hash = hex::encode(&Sha256::digest(body)[..16]);
    HeaderValue::try_from(format!("\"{hash}\"")).expect("hexadecimal digits are a header value")
}

/// RFC 9110 compares weakly here: `W/` does not count.
fn matches(known: Vec<HeaderValue>, tag: &HeaderValue) -> bool {
    let listed = known.iter().filter_map(|value| value.to_str().ok());
    listed
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
}
