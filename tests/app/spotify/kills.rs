//! The program is killed while it captures.

use super::simulation::Simulation;
use crate::harness::{Engine, TestApp, on_both_engines};
use music_time_machine::demo::spotify::{Call, FakeSpotify, Fault, Rotation, When};
use std::time::Duration;

/// The program, connected to a fake.
async fn connected(mut app: TestApp) -> (TestApp, Simulation) {
    let fake = FakeSpotify::start().await.expect("a free port");
    let origin = fake.origin().to_string();
    let key = "ab".repeat(32);
    let settings = [
        ("SPOTIFY_API_URL", origin.as_str()),
        ("SPOTIFY_ACCOUNTS_URL", &origin),
        ("SECRET_KEY", &key),
        // The test decides when.
        ("CAPTURE_AT", "23:59"),
    ];
    app.restart_with(&settings).await;
    let simulation = Simulation::of_fake(&app, fake).await;
    simulation.connect().await;
    (app, simulation)
}

/// Begins a capture, waits until it is where `is_there` says, and kills the program.
async fn kill_during_capture(app: &mut TestApp, is_there: impl AsyncFn() -> bool) {
    let client = app.client.clone();
    let request = tokio::spawn(async move {
        let path = "/api/captures";
        let _ = client.try_send(reqwest::Method::POST, path, &[], "").await;
    });
    let there = async {
        while !is_there().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let there = tokio::time::timeout(Duration::from_secs(20), there).await;
    there.expect("the capture goes on");
    app.kill_and_restart().await;
    request.await.expect("no panic");
    // As if two minutes had passed.
    app.database.execute("DELETE FROM leases").await;
}

async fn nothing_is_kept(app: &TestApp) {
    let tables = app.tables().await;
    assert!(tables.tracks.is_empty() && tables.snapshots.is_empty() && tables.captures.is_empty());
}

async fn the_day_can_be_taken(app: &TestApp) {
    let response = app
        .request(reqwest::Method::POST, "/api/captures", &[])
        .await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert_eq!(
        response.body.matches("\"captured\"").count(),
        3,
        "{}",
        response.body
    );
}

on_both_engines! {
async fn killed_while_it_waits_for_a_list(app: TestApp) {
    let (mut app, simulation) = connected(app).await;
    simulation
        .fake
        .fail(&Call::LISTS, When::Next(1), Fault::Silence);

    kill_during_capture(&mut app, async || {
        simulation
            .fake
            .requests()
            .iter()
            .any(|request| matches!(request.call, Call::TopTracks(_)))
    })
    .await;

    nothing_is_kept(&app).await;
    the_day_can_be_taken(&app).await;
}
}

/// The last statement before the commit takes long.
const SLOW: [&str; 2] = [
    "CREATE TRIGGER slow BEFORE INSERT ON snapshots BEGIN
       SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000000) SELECT x FROM n);
     END",
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.5); RETURN NEW; END';
     CREATE TRIGGER slow BEFORE INSERT ON snapshots FOR EACH STATEMENT EXECUTE FUNCTION slow()",
];
const NO_LONGER_SLOW: [&str; 2] = ["DROP TRIGGER slow", "DROP TRIGGER slow ON snapshots"];

on_both_engines! {
async fn killed_before_the_commit(app: TestApp) {
    let (mut app, simulation) = connected(app).await;
    app.database.execute(SLOW[app.engine as usize]).await;

    kill_during_capture(&mut app, async || {
        let requests = simulation.fake.requests();
        let answered = requests
            .iter()
            .any(|request| matches!(request.call, Call::TopTracks(_)) && request.status == 200);
        if answered {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        answered
    })
    .await;

    app.database.execute(NO_LONGER_SLOW[app.engine as usize]).await;
    nothing_is_kept(&app).await;
    the_day_can_be_taken(&app).await;
}
}

on_both_engines! {
/// What cannot be saved: Spotify has made the old token invalid, and nobody has the new one.
async fn killed_between_a_refresh_and_its_commit(app: TestApp) {
    let (mut app, simulation) = connected(app).await;
    app.database
        .execute("UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'")
        .await;
    simulation.fake.set_rotation(Rotation::Rotate);
    simulation
        .fake
        .fail(&[Call::Refresh], When::Next(1), Fault::Unanswered);

    kill_during_capture(&mut app, async || {
        simulation
            .fake
            .requests()
            .iter()
            .any(|request| request.call == Call::Refresh)
    })
    .await;

    // The first refusal may be a mistake of Spotify, one an hour later is none.
    for _ in 0..2 {
        let _ = app
            .request(reqwest::Method::POST, "/api/captures", &[])
            .await;
        app.database
            .execute("UPDATE connections SET invalid_grant_at = '2026-01-01 00:00:00+00:00'")
            .await;
    }
    assert_eq!(app.json("/api/connection").await["state"], "consent_ended");
    simulation.connect().await;
    the_day_can_be_taken(&app).await;
}
}
