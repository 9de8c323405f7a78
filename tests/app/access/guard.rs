//! Headers, sites and addresses: what a browser is told, and what it is refused.

use super::{FORM, PASSWORD, with_an_owner};
use crate::harness::{Engine, TestApp};
use reqwest::Method;

with_an_owner! {
async fn a_session_must_say_where_a_change_comes_from(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let origin = app.server.origin.clone();
    let delete = async |headers: &[(&str, &str)]| {
        let headers = [&[("cookie", cookie.as_str())], headers].concat();
        app.status_with(Method::DELETE, "/api/tracks/none", &headers).await
    };

    assert_eq!(delete(&[]).await, 403);
    assert_eq!(delete(&[("sec-fetch-site", "same-origin")]).await, 404);
    assert_eq!(delete(&[("origin", &origin)]).await, 404);
    for elsewhere in ["cross-site", "same-site", "nonsense"] {
        assert_eq!(delete(&[("sec-fetch-site", elsewhere)]).await, 403, "{elsewhere}");
    }
    for elsewhere in ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"] {
        assert_eq!(delete(&[("origin", elsewhere)]).await, 403, "{elsewhere}");
        assert_eq!(delete(&[("origin", elsewhere), ("sec-fetch-site", "same-origin")]).await, 403, "{elsewhere}");
    }
    // Without a port in `Host`, an origin has none either.
    for (elsewhere, expected) in [("http://localhost:9999", 403), ("ftp://localhost", 403), ("http://localhost", 404)] {
        assert_eq!(delete(&[("host", "localhost"), ("origin", elsewhere)]).await, expected, "{elsewhere}");
    }
    let token = app.token("write").await;
    assert_eq!(app.status_with(Method::DELETE, "/api/tracks/none", &[("authorization", &token)]).await, 404);
}
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let app = super::owned(Engine::Sqlite).await;
    let cookie = app.sign_in(PASSWORD).await;
    let session = ("cookie", cookie.as_str());
    let bad = ("host", "evil.example");
    let requests: Vec<(_, _, Vec<_>)> = vec![
        (Method::GET, "/dashboard", vec![session]),
        (Method::GET, "/settings/access", vec![session]),
        (Method::GET, "/settings/log", vec![session]),
        (Method::GET, "/settings/spotify", vec![session]),
        (Method::GET, "/no/such/page", vec![session]),
        (Method::GET, "/dashboard", vec![]),
        (Method::GET, "/sign-in", vec![]),
        (Method::GET, "/set-up", vec![]),
        (Method::POST, "/sign-in", vec![FORM]),
        (Method::GET, "/api/summary", vec![session]),
        (Method::GET, "/api/summary", vec![]),
        (Method::GET, "/api/nothing", vec![session]),
        (Method::GET, "/docs", vec![]),
        (Method::GET, "/openapi.json", vec![]),
        (Method::GET, "/livez", vec![]),
        (Method::GET, "/readyz", vec![]),
        (Method::GET, "/dashboard", vec![bad]),
    ];
    for (method, path, headers) in requests {
        let response = app.request(method, path, &headers).await;
        let policy = response.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; "),
            "{path}: {policy}"
        );
        let has_inline = policy.contains("unsafe-inline") || policy.contains("unsafe-eval");
        assert_eq!(has_inline, path == "/docs", "{path}: {policy}");
        for part in ["base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{path}: {name}");
        }
        assert_ne!(response.header("cache-control"), "", "{path}");
        assert_eq!(
            response.header("strict-transport-security"),
            "",
            "{path} is not over TLS"
        );
        assert!(
            !response.body.contains(" style=") && !response.body.contains(" onclick="),
            "{path}"
        );
    }
}

with_an_owner! {
async fn a_password_that_a_proxy_asks_for_is_no_proof(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let headers = [("cookie", cookie.as_str()), ("authorization", "Basic bWU6eA==")];

    assert_eq!(app.status_with(Method::GET, "/dashboard", &headers).await, 200);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("authorization", "Basic bWU6eA==")]).await, 401);
}
}

with_an_owner! {
async fn a_form_is_small_and_has_no_nul(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let headers = [("cookie", cookie.as_str())];
    for (path, name) in [
        ("/settings/access/tokens/revoke", "id"),
        ("/settings/access/sessions/end", "id"),
        ("/settings/access/tokens", "name"),
    ] {
        let fields = [(name, "a\0b"), ("scopes", "read")];
        assert_eq!(app.submit(path, &headers, &fields).await.status, 400, "{path}");
    }
    let long = "x".repeat(20_000);
    assert_eq!(app.submit("/sign-in", &[], &[("password", &long)]).await.status, 413);
}
}
