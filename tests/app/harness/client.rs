//! An HTTP client for the program.

use super::files::Content;
use super::response::Response;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Method};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Headers of a request with a JSON body.
pub const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

const TIMEOUT: Duration = Duration::from_secs(60);

/// A client without a proxy.
pub fn http() -> ClientBuilder {
    install_tls();
    reqwest::Client::builder().no_proxy()
}

/// Every client of `reqwest` needs a TLS provider. The program's has one of its own.
pub fn install_tls() {
    // An error means that another test has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Clones share the origin, so that they all follow a server that restarts on another port.
#[derive(Clone)]
pub struct Client {
    origin: Arc<Mutex<String>>,
    http: reqwest::Client,
}

impl Client {
    pub fn new(origin: &str) -> Self {
        let http = http().timeout(TIMEOUT).redirect(Policy::none()).build();
        Self {
            origin: Arc::new(Mutex::new(origin.into())),
            http: http.expect("the client's settings are valid"),
        }
    }

    pub fn set_origin(&self, origin: &str) {
        *self.origin.lock().expect("no holder panics") = origin.into();
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path, &[]).await
    }

    /// A GET whose body has not been read yet.
    pub async fn start_get(&self, path: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.origin.lock().expect("no holder panics"));
        let response = self.http.get(url).send().await.expect("a response");
        assert_eq!(response.status(), 200, "{path}");
        response
    }

    /// The headers and the body of a GET that succeeds.
    pub async fn get_bytes(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let response = self.start_get(path).await;
        let headers = response.headers().clone();
        let body = response.bytes().await.expect("the whole body");
        (headers, body.into())
    }

    /// Sends a form as a browser does.
    pub async fn post_form(&self, path: &str, form: &str) -> Response {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &headers, form).await
    }

    /// The JSON of a GET that succeeds.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.json()
    }

    pub async fn put(&self, path: &str, body: impl Content) -> Response {
        self.send(Method::PUT, path, JSON, body).await
    }

    /// The JSON in the response to a PUT that succeeds.
    pub async fn put_json(&self, path: &str, body: impl Content) -> Value {
        let response = self.put(path, body).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.json()
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path, &[]).await
    }

    /// A request without a body.
    pub async fn request(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        self.send(method, path, headers, "").await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Content,
    ) -> Response {
        let response = self.try_send(method, path, headers, body).await;
        response.unwrap_or_else(|cause| panic!("no response: {cause}"))
    }

    /// Fails if the connection breaks before the whole response has arrived.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Content,
    ) -> Result<Response, String> {
        let request = format!("{method} {path}");
        let url = format!("{}{path}", self.origin.lock().expect("no holder panics"));
        let mut builder = self.http.request(method, url).body(body.bytes());
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let sent_at = Instant::now();
        let response = async {
            let response = builder.send().await?;
            Ok::<_, reqwest::Error>(Response {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                body: response.text().await?,
                took: sent_at.elapsed(),
                request: request.clone(),
                sent_at,
            })
        };
        response
            .await
            .map_err(|cause| format!("{request}: {cause:?}"))
    }

    /// Repeats a GET until it succeeds; returns how long that took.
    pub async fn retry_get(&self, path: &str, within: Duration) -> Duration {
        let get = async || self.try_send(Method::GET, path, &[], "").await;
        retry(within, get).await
    }

    /// Repeats a PUT until it succeeds; returns how long that took.
    pub async fn retry_put(&self, path: &str, body: &Value, within: Duration) -> Duration {
        let put = async || self.try_send(Method::PUT, path, JSON, body).await;
        retry(within, put).await
    }
}

async fn retry(within: Duration, request: impl AsyncFn() -> Result<Response, String>) -> Duration {
    let started = Instant::now();
    loop {
        let response = request().await;
        let took = started.elapsed();
        assert!(took <= within, "no success after {took:?}: {response:?}");
        if response.is_ok_and(|response| response.is_ok()) {
            return took;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
