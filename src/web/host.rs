//! The `Host` of a request, whether the request is local, and whether a page of another site sent it. Without this check a page of another site could read
//! and write the library by DNS rebinding: it lets its own name resolve to the loopback address.

use crate::http::body::drain;
use poem::http::uri::Authority;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Addr, Endpoint, IntoResponse, Request, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::Url;

/// Headers that proxies add, beside those that begin with `x-forwarded-`.
const PROXY_HEADERS: [&str; 8] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "fly-client-ip",
];

/// Which hosts the program answers for.
#[derive(Clone)]
pub struct HostPolicy {
    is_on_loopback: bool,
    /// The host of `PUBLIC_URL`.
    public_host: Option<Arc<str>>,
    /// As browsers write it.
    public_origin: Option<Arc<str>>,
}

impl HostPolicy {
    pub fn new(address: SocketAddr, public_url: Option<&Url>) -> Self {
        Self {
            is_on_loopback: address.ip().to_canonical().is_loopback(),
            public_host: public_url.and_then(|url| Some(url.host_str()?.into())),
            public_origin: public_url.map(|url| url.origin().ascii_serialization().into()),
        }
    }

    /// Refuses a host that the program does not answer for, and changes that a page of another site asks for.
    pub async fn apply<E: Endpoint>(
        self,
        endpoint: Arc<E>,
        mut request: Request,
    ) -> poem::Result<Response> {
        match self.check(&request) {
            Ok(is_local) => {
                request.set_data(IsLocal(is_local));
                let response = endpoint.call(request).await;
                response.map(IntoResponse::into_response)
            }
            Err((status, reason)) => {
                drain(&mut request).await;
                Err(poem::Error::from_string(reason, status))
            }
        }
    }

    /// Returns whether the request is local.
    fn check(&self, request: &Request) -> Result<bool, (StatusCode, &'static str)> {
        // Health checks of a platform come under any host.
        if matches!(request.uri().path(), "/livez" | "/readyz") {
            return Ok(false);
        }
        let host = host(request).ok_or((
            StatusCode::BAD_REQUEST,
            "Host: the request must have one well-formed Host header",
        ))?;
        if !self.allows(&host) {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                "the program does not answer for this host; to reach it under this name, set PUBLIC_URL to \
                 its address",
            ));
        }
        if is_change(request.method()) && self.is_from_another_site(request.headers(), &host) {
            return Err((
                StatusCode::FORBIDDEN,
                "The request comes from a page of another site, and only pages of this program may change \
                 something. If this page is its own, set PUBLIC_URL to the address in the browser.",
            ));
        }
        Ok(is_local(request, &host))
    }

    /// Whether a browser says that a page of another site sent the request. Other programs send neither header.
    fn is_from_another_site(&self, headers: &HeaderMap, host: &str) -> bool {
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let site = headers.get("sec-fetch-site").map(text);
        let origin = headers.get(header::ORIGIN).map(text);
        site.is_some_and(|site| !matches!(site.as_str(), "same-origin" | "none"))
            || origin.is_some_and(|origin| !self.is_own(&origin, headers, host))
    }

    /// Whether an origin is the one of `PUBLIC_URL`, or has the host and port of the request.
    fn is_own(&self, origin: &str, headers: &HeaderMap, host: &str) -> bool {
        let Ok(url) = Url::parse(origin) else {
            return false;
        };
        if self.public_origin.as_deref() == Some(origin) {
            return true;
        }
        let header = headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok());
        let port = header.and_then(|header| header.rsplit_once(':')?.1.parse::<u16>().ok());
        let is_port = match port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        let is_http = matches!(url.scheme(), "http" | "https");
        is_http && is_port && url.host_str().and_then(parse).as_deref() == Some(host)
    }

    fn allows(&self, host: &str) -> bool {
        let is_public = self
            .public_host
            .as_ref()
            .is_some_and(|public| public.eq_ignore_ascii_case(host));
        match (self.is_on_loopback, &self.public_host) {
            (true, _) => is_public || is_loopback(host),
            (false, Some(_)) => is_public,
            (false, None) => true,
        }
    }
}

/// Whether a method may change something.
pub fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the request is local, as request data.
#[derive(Clone, Copy)]
pub struct IsLocal(pub bool);

/// The host without its port; `None` if it is missing, malformed or ambiguous.
fn host(request: &Request) -> Option<String> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let (header, None) = (headers.next()?, headers.next()) else {
        return None;
    };
    let host = parse(header.to_str().ok()?)?;
    match request.uri().authority() {
        // The absolute form of a request target names a host too.
        Some(authority) if parse(authority.as_str())? != host => None,
        _ => Some(host),
    }
}

fn parse(text: &str) -> Option<String> {
    let authority: Authority = text.parse().ok()?;
    let host = authority.host();
    let port = text.strip_prefix(host)?;
    let is_well_formed = port.is_empty() || authority.port_u16().is_some();
    (is_well_formed && !host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// A name or an address of this machine that no other machine can have.
fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Whether the request comes from this machine: from a loopback address, under a loopback host, and without a
/// proxy.
fn is_local(request: &Request, host: &str) -> bool {
    let from_loopback = match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip().to_canonical().is_loopback(),
        _ => false,
    };
    from_loopback && is_loopback(host) && !is_proxied(request.headers())
}

fn is_proxied(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        PROXY_HEADERS.contains(&name.as_str()) || name.as_str().starts_with("x-forwarded-")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        let cases = [
            ("localhost", Some("localhost")),
            ("LocalHost:8080", Some("localhost")),
            ("127.0.0.1:1", Some("127.0.0.1")),
            ("[::1]:8080", Some("[::1]")),
            ("", None),
            ("user@localhost", None),
            ("localhost:http", None),
            ("localhost:99999", None),
            ("local host", None),
            ("localhost/path", None),
        ];
        for (header, host) in cases {
            assert_eq!(parse(header).as_deref(), host, "{header}");
        }
    }

    #[test]
    fn loopback_hosts_are_names_and_addresses_of_this_machine() {
        for host in [
            "localhost",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "10.0.0.1",
            "[::2]",
            "0.0.0.0",
            "mylocalhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
