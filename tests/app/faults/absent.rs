//! A start without the database.

use crate::harness::proxy::Mode;
use crate::harness::rig::behind_proxy;
use crate::harness::{Engine, TestApp, program};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(3);

async fn it_starts_without_the_database(away: Mode) {
    let (rig, proxy, _database) = behind_proxy(away, &[]).await;

    let live = rig.client.get("/livez").await;
    let ready = rig.client.get("/readyz").await;
    let summary = rig.client.get("/api/summary").await;
    proxy.set(Mode::Pass);
    let ready_after = rig.client.recovers("/readyz", SOON).await;
    let served = rig.client.get("/api/summary").await;

    live.must_be_ok();
    ready.must_be_busy();
    summary.must_be_busy();
    served.must_be_ok();
    println!("{away:?}: ready {ready_after:?} after the database came");
}

#[tokio::test]
async fn where_nobody_listens_it_waits_and_serves_as_soon_as_somebody_does() {
    it_starts_without_the_database(Mode::Refuse).await;
}

#[tokio::test]
async fn where_nobody_answers_it_waits_and_serves_as_soon_as_somebody_does() {
    it_starts_without_the_database(Mode::Hold).await;
}

#[tokio::test]
async fn a_database_that_is_not_there_ends_the_start_and_the_password_is_not_told() {
    let app = TestApp::start(Engine::Postgres).await;
    let url = app
        .database
        .url
        .replace("postgres@", "postgres:s3cret-word@");
    let (server, query) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = server.rsplit_once('/').expect("a path");
    let mut serve = app.command(&["serve", "--port", "0"]);
    serve.env("DATABASE_URL", format!("{server}/no_such_database?{query}"));

    let ended = program::run(&mut serve).await;

    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("no_such_database"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
}
