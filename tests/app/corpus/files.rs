//! Random files to import.

use super::{mutations, seed};
use crate::harness::import::Account;
use crate::harness::{Engine, TestApp, payload};
use fastrand::Rng;
use serde_json::json;

const LINES: usize = 2_000;

/// One value per line. The first is valid, most others are not.
fn lines(seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let mut bytes = payload("first").text().into_bytes();
    for number in 1..LINES {
        let track = payload(&format!("t{:03}", number % 700)).with("popularity", number);
        let good = match number % 9 {
            0 => json!({ "track": track, "added_at": "2026-03-01T00:00:00Z" }),
            1 => json!({ "items": [track, payload("again")] }),
            _ => track.0,
        };
        bytes.push(b'\n');
        bytes.extend(mutations::mutated(&good, &mut rng));
    }
    bytes
}

#[tokio::test]
async fn both_engines_import_two_thousand_random_lines_alike() {
    let seed = seed();
    let apps = [
        TestApp::start(Engine::Sqlite).await,
        TestApp::start(Engine::Postgres).await,
    ];
    let mut accounts = Vec::new();
    for app in &apps {
        app.write("random.ndjson", lines(seed));

        let output = app.try_import(&["random.ndjson"]).await;

        assert_eq!(
            output.code,
            Some(0),
            "CORPUS_SEED={seed}: {}",
            output.stderr
        );
        assert!(
            !output.stderr.contains("panicked"),
            "CORPUS_SEED={seed}: {}",
            output.stderr
        );
        accounts.push(Account::of(&output));
    }

    assert_eq!(accounts[0], accounts[1], "CORPUS_SEED={seed}");
    assert!(
        accounts[0].refused > 500 && accounts[0].new > 100,
        "CORPUS_SEED={seed}: {:?}",
        accounts[0]
    );
    let (sqlite, postgres) = (apps[0].tables().await, apps[1].tables().await);
    sqlite.must_equal(&postgres, &format!("with CORPUS_SEED={seed}"));
    assert_eq!(
        apps[0].import(["random.ndjson"]).await,
        apps[1].import(["random.ndjson"]).await,
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
