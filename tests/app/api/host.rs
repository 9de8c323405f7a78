//! The `Host` of a request, and which requests are local.

use crate::harness::{Engine, JSON, TestApp, on_both_engines, payload};
use reqwest::Method;
use serde_json::json;

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

impl TestApp {
    /// The status of a read and of a write with these headers.
    async fn statuses(&self, headers: &[(&str, &str)]) -> (u16, u16) {
        let read = self.request(Method::GET, "/api/summary", headers).await;
        let headers = [JSON, headers].concat();
        let write = self
            .send(Method::PUT, LIST, &headers, json!({ "items": [] }))
            .await;
        (read.status, write.status)
    }

    /// The status of a GET with these lines as its head.
    async fn status_of_raw(&self, path: &str, lines: &str) -> u16 {
        let request = format!("GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
        let response = self.send_raw(request.as_bytes()).await;
        let status = response.split(' ').nth(1).expect("a status line");
        status.parse().expect("a number")
    }
}

on_both_engines! {
async fn a_foreign_host_is_refused_for_reads_too(app: TestApp) {
    for host in ["evil.example", "localhost.evil.example", "192.168.1.1", "localhost:8080.evil.example"] {
        let (read, write) = app.statuses(&[("host", host)]).await;
        assert!(matches!(read, 400 | 421) && read == write, "{host}: {read} {write}");
    }
    for host in ["localhost", "LOCALHOST:1234", "127.0.0.1:8080", "127.1.2.3", "[::1]:80", "music.localhost"] {
        assert_eq!(app.statuses(&[("host", host)]).await, (200, 200), "{host}");
    }
    let refused = app.request(Method::GET, "/api/summary", &[("host", "evil.example")]).await;
    let problem = refused.problem(421, None);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("PUBLIC_URL")), "{problem}");
}
}

#[tokio::test]
async fn a_host_that_is_missing_or_malformed_is_400() {
    let app = TestApp::start(Engine::Sqlite).await;

    for lines in [
        "",
        "Host: \r\n",
        "Host: a b\r\n",
        "Host: user@localhost\r\n",
        "Host: localhost:x\r\n",
        "Host: localhost\r\nHost: localhost\r\n",
    ] {
        assert_eq!(
            app.status_of_raw("/api/summary", lines).await,
            400,
            "{lines}"
        );
        assert_eq!(app.status_of_raw("/dashboard", lines).await, 400, "{lines}");
    }
    assert_eq!(
        app.status_of_raw("/api/summary", "Host: localhost\r\n")
            .await,
        200
    );
    let absolute = "http://evil.example/api/summary";
    assert_eq!(
        app.status_of_raw(absolute, "Host: localhost\r\n").await,
        400
    );
}

#[tokio::test]
async fn health_checks_come_under_any_host() {
    let app = TestApp::start(Engine::Sqlite).await;

    for path in ["/livez", "/readyz"] {
        for lines in ["Host: healthcheck.example\r\n", "Host: a b\r\n"] {
            assert_eq!(app.status_of_raw(path, lines).await, 200, "{path} {lines}");
        }
    }
}

on_both_engines! {
async fn a_request_through_a_proxy_needs_a_proof(app: TestApp) {
    let proxies = [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "for=127.0.0.1"),
        ("via", "1.1 proxy"),
        ("x-real-ip", "127.0.0.1"),
    ];
    for header in proxies {
        assert_eq!(app.statuses(&[header]).await, (401, 401), "{header:?}");
    }
    let track = json!({ "name": "N", "artist_name": "A", "raw_json": payload("a") });
    let deleted = app.request(Method::DELETE, "/api/tracks/a", &proxies[..1]).await;
    assert_eq!(deleted.status, 401);
    assert_eq!(app.put("/api/tracks/a", track).await.status, 200);
}
}

on_both_engines! {
async fn a_page_of_another_site_may_read_and_not_write(app: TestApp) {
    for (header, expected) in [
        (("sec-fetch-site", "cross-site"), (200, 403)),
        (("sec-fetch-site", "same-site"), (200, 403)),
        (("sec-fetch-site", "same-origin"), (200, 200)),
        (("sec-fetch-site", "none"), (200, 200)),
        (("origin", "https://evil.example"), (200, 403)),
        (("origin", "null"), (200, 403)),
        (("origin", "http://127.0.0.1"), (200, 403)),
        (("origin", &app.server.origin), (200, 200)),
    ] {
        assert_eq!(app.statuses(&[header]).await, expected, "{header:?}");
    }
}
}

#[tokio::test]
async fn on_an_open_address_only_local_requests_are_served_without_a_proof() {
    let app = TestApp::with_settings(Engine::Sqlite, &[("HOST", "0.0.0.0")]).await;

    assert_eq!(app.statuses(&[("host", "music.example")]).await, (401, 401));
    assert_eq!(app.statuses(&[("host", "localhost")]).await, (200, 200));
    assert_eq!(
        app.statuses(&[("x-forwarded-for", "10.0.0.1")]).await,
        (401, 401)
    );
}

#[tokio::test]
async fn public_url_names_the_host_on_an_open_address() {
    let settings = [
        ("HOST", "0.0.0.0"),
        ("PUBLIC_URL", "https://music.example:8443"),
    ];
    let app = TestApp::with_settings(Engine::Sqlite, &settings).await;

    assert_eq!(app.statuses(&[("host", "music.example")]).await, (401, 401));
    assert_eq!(
        app.statuses(&[("host", "Music.Example:8443")]).await,
        (401, 401)
    );
    assert_eq!(app.statuses(&[("host", "other.example")]).await, (421, 421));
}

#[tokio::test]
async fn public_url_names_a_second_host_on_loopback() {
    let settings = [("PUBLIC_URL", "https://music.example")];
    let app = TestApp::with_settings(Engine::Sqlite, &settings).await;

    assert_eq!(app.statuses(&[("host", "music.example")]).await, (401, 401));
    assert_eq!(app.statuses(&[("host", "localhost")]).await, (200, 200));
    assert_eq!(app.statuses(&[("host", "other.example")]).await, (421, 421));
}
