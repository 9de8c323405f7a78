//! One request: TLS by rustls with ring, timeouts, no redirects, and a limit on the size of a body.

use super::{Answer, Failure};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::iter;
use std::sync::Arc;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the start of a request to the end of its body.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A page of 50 tracks has about 150 KB.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// The longest wait seen is a day. A longer one than this is a mistake.
const MAX_WAIT_SECONDS: u64 = 7 * 24 * 60 * 60;

pub struct Response {
    pub status: StatusCode,
    /// `None` if the answer does not say.
    pub retry_after_seconds: Option<u64>,
    pub body: String,
}

pub fn client() -> anyhow::Result<Client> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy() // it would be read from the environment
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .user_agent(concat!("music-time-machine/", env!("CARGO_PKG_VERSION")));
    Ok(client.build()?)
}

/// The errors leave out the address, whose query may contain a secret.
pub async fn send(request: RequestBuilder) -> Answer<Response> {
    let mut response = request.send().await.map_err(|cause| outage(&cause))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| outage(&cause))? {
        if bytes.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Failure::outage("Spotify's answer is too large"));
        }
        bytes.extend_from_slice(&chunk);
    }
    let body = match (String::from_utf8(bytes), response.status().is_success()) {
        (Ok(body), _) => body,
        (Err(_), true) => return Err(Failure::outage("Spotify's answer is not UTF-8")),
        (Err(error), false) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    Ok(Response {
        status: response.status(),
        retry_after_seconds: retry_after_seconds(response.headers()),
        body,
    })
}

fn outage(cause: &reqwest::Error) -> Failure {
    if cause.is_timeout() {
        Failure::outage("Spotify did not answer in time")
    } else if cause.is_connect() {
        Failure::outage(format!(
            "Spotify could not be reached: {}",
            innermost(cause)
        ))
    } else {
        Failure::outage("Spotify's answer broke off")
    }
}

/// The first of the causes: of the resolver, of the operating system or of TLS.
fn innermost(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |&cause| cause.source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}

fn retry_after_seconds(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = value.trim().parse::<u64>().ok()?;
    Some(seconds.clamp(1, MAX_WAIT_SECONDS))
}
