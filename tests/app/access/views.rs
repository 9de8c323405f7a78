//! What the public sees with `PUBLIC_READ`, and that a kept answer never reaches the other view.

use super::PASSWORD;
use crate::harness::{Engine, Response, TestApp, must_have, payload};
use reqwest::Method;
use serde_json::json;

const SETTINGS: &[(&str, &str)] = &[("OWNER_PASSWORD", PASSWORD), ("PUBLIC_READ", "true")];

/// An app whose library has a secret in each place that the public must not see.
async fn app(engine: Engine) -> (TestApp, String) {
    let app = TestApp::with_settings(engine, SETTINGS).await;
    let cookie = app.sign_in(PASSWORD).await;
    let folder = app.folder.path().join("secret-folder/2026-03-01");
    std::fs::create_dir_all(&folder).expect("a folder");
    let item = payload("t1")
        .named("Visible")
        .with("hidden_word", "secret-payload");
    let list = json!({ "items": [item] });
    std::fs::write(folder.join("short_term.json"), list.to_string()).expect("a file");
    std::fs::write(
        folder.join("long_term.json"),
        r#"{"items":[{"id":"secret-refusal","name":3}]}"#,
    )
    .expect("a file");
    let imported = app.run(&["import", "secret-folder"]).await;
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    (app, cookie)
}

const PATHS: [&str; 16] = [
    "/dashboard",
    "/lists?year=2026",
    "/lists?year=2026&attempts=all",
    "/lists/2026-03-01/short_term",
    "/lists/2026-03-01/long_term",
    "/tracks/t1",
    "/api/tracks/t1",
    "/api/captures",
    "/api/captures?format=csv",
    "/api/captures?limit=1",
    "/api/calendar?from=2026-02-01&to=2026-03-02",
    "/search?q=Visible",
    "/api/search?q=Visible",
    "/api/tracks",
    "/gems",
    "/evolution",
];

const SECRETS: [&str; 4] = [
    "secret-payload",
    "secret-folder",
    "secret-refusal",
    "items[0]",
];

async fn the_public_sees_no_secret(engine: Engine) {
    let (app, cookie) = app(engine).await;
    let mut seen_by_owner = String::new();
    // Each view first in turn, so that the other one's answer is kept when it asks.
    for path in PATHS.into_iter().chain(PATHS.into_iter().rev()) {
        let owner = app.request(Method::GET, path, &[("cookie", &cookie)]).await;
        let public = app.get(path).await;
        let again = app.request(Method::GET, path, &[("cookie", &cookie)]).await;
        assert_eq!(
            (owner.status, &owner.body),
            (again.status, &again.body),
            "{path}"
        );
        assert_eq!(public.status, owner.status, "{path}");
        for secret in SECRETS {
            assert!(
                !public.body.contains(secret),
                "{path} shows {secret}: {}",
                public.body
            );
        }
        seen_by_owner += &owner.body;
        must_be_of_their_views(path, &public, &owner);
    }
    for secret in &SECRETS[..2] {
        assert!(
            seen_by_owner.contains(secret),
            "the owner does not see {secret}: the test tests nothing"
        );
    }
    must_have_cursors_without_a_source(&app).await;
}

fn must_be_of_their_views(path: &str, public: &Response, owner: &Response) {
    let is_page = !path.starts_with("/api/");
    if is_page && public.status == 200 {
        must_have(&public.body, &[r#"href="/sign-in""#]);
        assert!(!public.body.contains(r#"href="/settings""#), "{path}");
    }
    let expected = match is_page {
        true => "no-store",
        false => "private, no-cache",
    };
    assert_eq!(owner.header("cache-control"), expected, "{path}");
    assert_eq!(public.header("cache-control"), "no-cache", "{path}");
}

async fn must_have_cursors_without_a_source(app: &TestApp) {
    let first = app.json("/api/captures?limit=1").await;
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let next = app
        .json(&format!("/api/captures?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(next["items"].as_array().map(Vec::len), Some(1));
    let decoded = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, cursor);
    let key: serde_json::Value = serde_json::from_slice(&decoded.expect("base64")).expect("JSON");
    assert_eq!(
        key,
        json!(["2026-03-01", "short_term", "2026-03-01T00:00:00Z", 1])
    );
}

#[tokio::test]
async fn the_public_sees_no_secret_sqlite() {
    the_public_sees_no_secret(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_public_sees_no_secret_postgres() {
    the_public_sees_no_secret(Engine::Postgres).await;
}

#[tokio::test]
async fn the_public_reads_and_no_more() {
    let (app, _) = app(Engine::Sqlite).await;

    for path in [
        "/settings",
        "/settings/access",
        "/settings/log",
        "/settings/spotify",
        "/settings/library.db",
        "/spotify/callback",
    ] {
        let led = app.get(path).await;
        assert_eq!(
            (
                led.status,
                led.header("location").starts_with("/sign-in?next=")
            ),
            (303, true),
            "{path}"
        );
    }
    for path in [
        "/api/connection",
        "/api/tokens",
        "/api/sessions",
        "/api/log",
        "/api/export",
    ] {
        app.get(path).await.problem(401, None);
    }
    app.delete("/api/tracks/t1").await.problem(401, None);
    let wrong = app
        .request(
            Method::GET,
            "/api/summary",
            &[("authorization", "Bearer mtm_wrong")],
        )
        .await;
    wrong.problem(401, None);
    assert_eq!(app.get("/api/summary").await.status, 200);
    let led = app.get("/metrics").await;
    assert_eq!(led.status, 303, "metrics are not for the public");
}
