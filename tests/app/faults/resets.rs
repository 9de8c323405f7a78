//! Connections to the database are reset.

use crate::harness::TestApp;
use crate::harness::load::Load;
use crate::harness::proxy::Mode;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[tokio::test]
async fn after_a_reset_of_all_connections_requests_fail_for_two_seconds_at_most() {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let load = Load::start(&app, 20, 5).await;
    sleep(Duration::from_secs(1)).await;

    proxy.reset_all();
    let reset_at = Instant::now();
    sleep(Duration::from_secs(4)).await;
    let record = load.stop().await;

    record.must_be_ok_or_busy();
    let failed = record.responses.iter().filter(|response| !response.is_ok());
    let last_failure = failed.map(|response| response.sent_at).max();
    let outage = last_failure
        .unwrap_or(reset_at)
        .saturating_duration_since(reset_at);
    println!("reset: {record}, outage {outage:?}");
    assert!(outage <= Duration::from_secs(2), "failures for {outage:?}");
    record.must_be_stored(&app).await;
}

#[tokio::test]
async fn a_write_whose_reply_is_lost_can_be_repeated() {
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let track = json!({ "name": "Once", "artist_name": "Somebody" });
    let rank_path = "/api/snapshots/2026-01-01/short_term/committed";
    let writes = [
        ("COMMIT", "/api/tracks/committed", track),
        ("committed", rank_path, json!({ "rank": 7 })),
    ];
    for (message, path, body) in writes {
        proxy.reset_reply_to(message);

        let lost = app.put(path, &body).await;
        let repeated = app.put(path, &body).await;

        assert!(proxy.has_reset_reply(), "no message contained {message}");
        lost.must_be_busy();
        repeated.must_be_ok();
    }
    let history = app.json("/api/tracks/committed/history").await;
    assert_eq!(history["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(history["items"][0]["rank"], 7);
}
