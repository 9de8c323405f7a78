//! The program is killed while it captures, and nothing secret is anywhere in clear text.

use super::simulation::Simulation;
use crate::harness::{Engine, TestApp};
use music_time_machine::demo::spotify::{Call, FakeSpotify, Fault, Rotation, When};
use sea_orm::ConnectionTrait;
use std::time::Duration;

/// The program, connected to a fake.
async fn connected(engine: Engine) -> (TestApp, Simulation) {
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
    let app = TestApp::with_settings(engine, &settings).await;
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

async fn killed_while_it_waits_for_a_list(engine: Engine) {
    let (mut app, simulation) = connected(engine).await;
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

/// The last statement before the commit takes long.
const SLOW: [&str; 2] = [
    "CREATE TRIGGER slow BEFORE INSERT ON snapshots BEGIN
       SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000000) SELECT x FROM n);
     END",
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.5); RETURN NEW; END';
     CREATE TRIGGER slow BEFORE INSERT ON snapshots FOR EACH STATEMENT EXECUTE FUNCTION slow()",
];
const NO_LONGER_SLOW: [&str; 2] = ["DROP TRIGGER slow", "DROP TRIGGER slow ON snapshots"];

async fn killed_before_the_commit(engine: Engine) {
    let (mut app, simulation) = connected(engine).await;
    app.database.execute(SLOW[engine as usize]).await;

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

    app.database.execute(NO_LONGER_SLOW[engine as usize]).await;
    nothing_is_kept(&app).await;
    the_day_can_be_taken(&app).await;
}

/// What cannot be saved: Spotify has made the old token invalid, and nobody has the new one.
async fn killed_between_a_refresh_and_its_commit(engine: Engine) {
    let (mut app, simulation) = connected(engine).await;
    app.database
        .execute("UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'")
        .await;
    simulation.fake.set_rotation(Rotation::Rotate);
    simulation
        .fake
        .fail(&[Call::Refresh], When::Next(1), Fault::BrokenOff);

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

async fn nothing_secret_is_in_clear_text(engine: Engine) {
    let (app, simulation) = connected(engine).await;
    app.database
        .execute("UPDATE connections SET access_token_expires_at = '2026-01-01 00:00:00+00:00'")
        .await;
    simulation.fake.set_rotation(Rotation::Rotate);
    the_day_can_be_taken(&app).await;
    let mut texts = vec![
        app.server.log(),
        std::fs::read_to_string(format!("/proc/{}/cmdline", app.server.process_id()))
            .unwrap_or_default(),
        app.get("/api/connection").await.body,
        app.get("/settings/spotify").await.body,
        app.get("/dashboard").await.body,
    ];
    texts.push(match engine {
        Engine::Sqlite => {
            let bytes = ["", "-wal"].map(|end| {
                let file = app.database.url.trim_start_matches("sqlite://");
                std::fs::read(format!("{file}{end}")).unwrap_or_default()
            });
            String::from_utf8_lossy(&bytes.concat()).into_owned()
        }
        Engine::Postgres => format!(
            "{:?} {:?}",
            rows(&app, "connections").await,
            rows(&app, "authorizations").await
        ),
    });
    assert!(
        texts.last().is_some_and(|dump| dump.contains("A listener")),
        "the dump has the connection"
    );

    let secrets = simulation.fake.issued_secrets();
    assert!(
        secrets.len() >= 4,
        "a code, two access tokens, a refresh token"
    );
    for secret in &secrets {
        assert!(
            texts.iter().all(|text| !text.contains(secret.as_str())),
            "{secret}"
        );
    }
}

async fn rows(app: &TestApp, table: &str) -> Vec<String> {
    let db = app.database.connect().await;
    let rows = db.query_all_raw(sea_orm::Statement::from_string(
        db.get_database_backend(),
        format!("SELECT CAST(row_to_json(t) AS text) AS row FROM {table} t"),
    ));
    let rows = rows.await.expect("the table is read");
    rows.iter()
        .map(|row| row.try_get("", "row").expect("a text"))
        .collect()
}

macro_rules! on_both {
    ($($name:ident),*) => {
        $(mod $name {
            use crate::harness::Engine;

            #[tokio::test]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name(Engine::Postgres).await;
            }
        })*
    };
}

on_both!(
    killed_while_it_waits_for_a_list,
    killed_before_the_commit,
    killed_between_a_refresh_and_its_commit,
    nothing_secret_is_in_clear_text
);
