//! The same odd values in files to import.

use super::{odd, seed};
use crate::harness::import::Account;
use crate::harness::{Engine, TestApp, payload};
use fastrand::Rng;
use serde_json::json;

const LINES: usize = 2_000;

/// One value a line, the first of them whole; most have something wrong.
fn lines(seed: u64) -> Vec<u8> {
    let mut chance = Rng::with_seed(seed);
    let mut bytes = payload("first").text().into_bytes();
    for number in 1..LINES {
        let track = payload(&format!("t{:03}", number % 700)).with("popularity", number);
        let good = match number % 9 {
            0 => json!({ "track": track, "added_at": "2026-03-01T00:00:00Z" }),
            1 => json!({ "items": [track, payload("again")] }),
            _ => track.0,
        };
        bytes.push(b'\n');
        bytes.extend(odd::bent(&good, &mut chance));
    }
    bytes
}

#[tokio::test]
async fn two_thousand_odd_lines_are_imported_alike_by_both_engines() {
    let seed = seed();
    let apps = [
        TestApp::start(Engine::Sqlite).await,
        TestApp::start(Engine::Postgres).await,
    ];
    let mut accounts = Vec::new();
    for app in &apps {
        app.write("odd.ndjson", lines(seed));

        let ended = app.try_import(&["odd.ndjson"]).await;

        assert_eq!(ended.code, Some(0), "CORPUS_SEED={seed}: {}", ended.stderr);
        assert!(
            !ended.stderr.contains("panicked"),
            "CORPUS_SEED={seed}: {}",
            ended.stderr
        );
        accounts.push(Account::of(&ended));
    }

    assert_eq!(accounts[0], accounts[1], "CORPUS_SEED={seed}");
    assert!(
        accounts[0].refused > 500 && accounts[0].new > 100,
        "CORPUS_SEED={seed}: {:?}",
        accounts[0]
    );
    let (ours, theirs) = (apps[0].tables().await, apps[1].tables().await);
    ours.must_equal(&theirs, &format!("with CORPUS_SEED={seed}"));
    assert_eq!(
        apps[0].import(["odd.ndjson"]).await,
        apps[1].import(["odd.ndjson"]).await,
        "CORPUS_SEED={seed}"
    );
    for app in &apps {
        assert_eq!(
            app.get("/dashboard").await.status,
            200,
            "CORPUS_SEED={seed}"
        );
    }
}
