//! The program starts while the database is not available.

use crate::harness::proxy::Mode;
use crate::harness::{Engine, TestApp, program};
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(3);

async fn the_program_starts_without_its_database(mode: Mode) {
    let (app, proxy) = TestApp::behind_proxy(mode, &[]).await;

    let live = app.get("/livez").await;
    let ready = app.get("/readyz").await;
    let summary = app.get("/api/summary").await;
    proxy.set(Mode::Pass);
    let recovery = app.retry_get("/readyz", WITHIN).await;
    let later_summary = app.get("/api/summary").await;

    live.must_be_ok();
    ready.must_be_busy();
    summary.must_be_busy();
    later_summary.must_be_ok();
    println!("{mode:?}: ready {recovery:?} after the database");
}

#[tokio::test]
async fn the_program_waits_for_a_database_that_refuses_connections() {
    the_program_starts_without_its_database(Mode::Refuse).await;
}

#[tokio::test]
async fn the_program_waits_for_a_database_that_does_not_respond() {
    the_program_starts_without_its_database(Mode::Hold).await;
}

#[tokio::test]
async fn the_document_and_its_page_need_no_database() {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let paths = ["/docs", "/openapi.yaml", "/openapi.json"];

    for mode in [Mode::Refuse, Mode::Hold] {
        proxy.set(mode);
        for path in paths {
            app.get(path).await.must_be_ok();
        }
    }
    let docs = app.get("/docs").await;
    let revalidated = app
        .request(
            reqwest::Method::GET,
            "/docs",
            &[("if-none-match", docs.header("etag"))],
        )
        .await;
    assert_eq!(revalidated.status, 304);
    let policy = "content-security-policy";
    assert_eq!(revalidated.header(policy), docs.header(policy));
    let (away, _proxy) = TestApp::behind_proxy(Mode::Refuse, &[]).await;
    for path in paths {
        away.get(path).await.must_be_ok();
    }
}

#[tokio::test]
async fn a_503_is_logged_with_its_cause_and_request_id() {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    proxy.set(Mode::Hold);

    let response = app.get("/api/summary").await;

    let request_id = response.problem(503, None)["request_id"].clone();
    let request_id = request_id.as_str().expect("a text");
    let log = app.server.log();
    let mut lines = log.lines().filter(|line| line.contains(request_id));
    assert!(
        lines.any(|line| line.contains("WARN") && line.contains("cause")),
        "{log}"
    );
}

#[tokio::test]
async fn an_unknown_database_ends_the_start_without_printing_the_password() {
    let app = TestApp::start(Engine::Postgres).await;
    let url = app
        .database
        .url
        .replace("postgres@", "postgres:s3cret-word@");
    let (server, query) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = server.rsplit_once('/').expect("a path");
    let mut serve = app.command(&["serve", "--port", "0"]);
    serve.env("DATABASE_URL", format!("{server}/no_such_database?{query}"));

    let output = program::run(&mut serve).await;

    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stderr.contains("no_such_database"), "{output:?}");
    assert!(!output.stderr.contains("s3cret"), "{output:?}");
}
