//! What the pages and the log tell when something is wrong.

use super::{Connecting, PAGE, server};
use crate::harness::{Client, Engine, TestApp, must_have, on_both_engines};
use chrono::{Months, TimeDelta, Utc};
use std::time::{Duration, Instant};

on_both_engines! {
async fn a_consent_that_has_ended_is_told(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;

    it.app.database.execute(
        "UPDATE connections SET state = 'consent_ended', access_token = NULL, access_token_expires_at = NULL, refresh_token = NULL",
    ).await;

    must_have(&it.page(PAGE).await, &["Spotify’s permission has ended", "It was given on", "Connect again", "none until you connect again"]);
    must_have(&it.page("/dashboard").await, &["permission has ended, so no list is taken", "Connect again"]);
    assert_eq!(it.state().await, "consent_ended");
}
}

on_both_engines! {
async fn a_lost_key_is_told_and_the_last_days_of_a_consent_are_logged(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    it.set_authorized_at(Utc::now() - Months::new(6) + TimeDelta::days(12)).await;

    let other = server(&it.app, &it.fake, &[("SECRET_KEY", &"cd".repeat(32))]).await;

    let client = Client::new(&other.origin);
    must_have(&client.get(PAGE).await.body, &["The permission cannot be read", "its key is another one or is lost", "Connect again"]);
    must_have(&client.get("/dashboard").await.body, &["permission cannot be read, so no list is taken"]);
    let started = Instant::now();
    while !other.log().contains("Spotify's permission ends: renew it on the page /settings/spotify") {
        assert!(started.elapsed() < Duration::from_secs(30), "{}", other.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
}
