//! Connections to the database that break.

use crate::harness::proxy::Mode;
use crate::harness::recorder::Load;
use crate::harness::rig::behind_proxy;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[tokio::test]
async fn cut_connections_cost_a_moment_and_nothing_else() {
    let (rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&rig.client, 20, 5).await;
    sleep(Duration::from_secs(1)).await;

    proxy.cut();
    let cut = Instant::now();
    sleep(Duration::from_secs(4)).await;
    let record = load.stop().await;

    record.must_be_fair();
    let last = record
        .heard
        .iter()
        .filter(|heard| !heard.is_ok())
        .map(|heard| heard.at)
        .max();
    let window = last.map_or(Duration::ZERO, |last| last.saturating_duration_since(cut));
    println!(
        "{} refused within {window:?} of {}",
        record.refused(),
        record.heard.len()
    );
    assert!(
        window <= Duration::from_secs(2),
        "refused {window:?} after the cut"
    );
    record.must_be_kept(&rig.client).await;
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_can_be_sent_again() {
    let (rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    let track = json!({ "name": "Once", "artist_name": "Anybody" });
    let writes = [
        ("COMMIT", "/api/tracks/committed", track),
        (
            "committed",
            "/api/snapshots/2026-01-01/short_term/committed",
            json!({ "rank": 7 }),
        ),
    ];
    for (last_words, path, body) in writes {
        proxy.cut_reply_to(last_words);

        let lost = rig.client.put(path, &body).await;
        let again = rig.client.put(path, &body).await;

        assert!(proxy.has_cut_reply(), "nobody said {last_words}");
        lost.must_be_busy();
        again.must_be_ok();
    }
    let history = rig.client.get("/api/tracks/committed/history").await;
    let history: serde_json::Value = serde_json::from_str(&history.body).expect("JSON");
    assert_eq!(history["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(history["items"][0]["rank"], 7);
}
