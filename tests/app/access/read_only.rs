//! `READ_ONLY`: nothing can be changed, by nobody.

use super::PASSWORD;
use crate::harness::{Engine, JSON, TestApp, must_have, payload};
use reqwest::Method;
use serde_json::json;

const LIST: &str = "/api/snapshots/2026-03-01/short_term";

async fn nothing_can_be_changed(engine: Engine) {
    let app = TestApp::with_settings(engine, &[("OWNER_PASSWORD", PASSWORD)]).await;
    let cookie = app.sign_in(PASSWORD).await;
    let write = app.token("read,write").await;
    let list = json!({ "items": [payload("t1")] });
    let headers = [JSON, &[("authorization", write.as_str())]].concat();
    app.send(Method::PUT, LIST, &headers, list.clone())
        .await
        .must_be_ok();
    let before = app.tables().await;
    let earlier = chrono::Utc::now() - chrono::TimeDelta::hours(3);
    app.database
        .execute(&format!(
            "UPDATE sessions SET last_seen_at = '{}'",
            earlier.to_rfc3339()
        ))
        .await;

    let read_only = app.another_server(&[("READ_ONLY", "true")]).await;
    app.client.set_origin(&read_only.origin);

    let session = [("cookie", cookie.as_str()), super::OWN_SITE];
    assert_eq!(
        app.status_with(Method::GET, "/dashboard", &session).await,
        200,
        "a session stays valid"
    );
    assert_eq!(
        app.status_with(Method::GET, "/api/summary", &headers).await,
        200
    );
    app.send(Method::PUT, LIST, &headers, list)
        .await
        .problem(403, None);
    must_refuse_forms(&app, &session).await;
    must_refuse_commands(&app).await;
    app.tables()
        .await
        .must_equal(&before, "after refused changes");
}

async fn must_refuse_commands(app: &TestApp) {
    for command in [
        &["migrate"][..],
        &["import", "x.json"],
        &["capture"],
        &["stress"],
        &["token", "create", "x", "--scopes", "read"],
        &["reset-password"],
    ] {
        let refused = app
            .command(command)
            .env("READ_ONLY", "true")
            .output()
            .await
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            refused.status.code() == Some(1) && stderr.contains("READ_ONLY"),
            "{command:?}: {stderr}"
        );
    }
}

async fn must_refuse_forms(app: &TestApp, session: &[(&str, &str)]) {
    for path in [
        "/sign-in",
        "/set-up",
        "/sign-out",
        "/settings/access/password",
        "/settings/spotify/connect",
        "/settings/clear",
    ] {
        let refused = app.submit(path, session, &[("password", PASSWORD)]).await;
        assert_eq!(refused.status, 403, "{path}");
    }
    assert_eq!(
        app.status_with(Method::GET, "/spotify/callback", session)
            .await,
        403
    );
    must_have(
        &app.get("/sign-in").await.body,
        &["Nobody can sign in here"],
    );
}

#[tokio::test]
async fn nothing_can_be_changed_sqlite() {
    nothing_can_be_changed(Engine::Sqlite).await;
}

#[tokio::test]
async fn nothing_can_be_changed_postgres() {
    nothing_can_be_changed(Engine::Postgres).await;
}

#[tokio::test]
async fn a_schema_that_is_not_current_stops_the_start() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start(engine).await;
        app.database
            .execute("DELETE FROM music_time_machine_migrations")
            .await;

        let stopped = app
            .command(&["serve", "--port", "0"])
            .env("READ_ONLY", "true")
            .output()
            .await;

        let stopped = stopped.expect("it starts");
        let stderr = String::from_utf8_lossy(&stopped.stderr).into_owned();
        assert!(
            stopped.status.code() == Some(1) && stderr.contains("schema"),
            "{stderr}"
        );
    }
}
