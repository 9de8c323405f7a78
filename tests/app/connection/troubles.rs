//! What the pages and the log tell when something is wrong.

use super::{Connecting, PAGE, server};
use crate::harness::{Client, Engine, TestApp, must_have, on_both_engines};
use chrono::{Months, TimeDelta, Utc};
use music_time_machine::demo::spotify::{Call, Fault, When};
use sea_orm::EntityTrait;
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

on_both_engines! {
async fn a_refusal_is_stored_as_a_word_and_told_as_a_sentence(app: TestApp) {
    let it = Connecting::start(app).await;
    it.fake.fail(&Call::LISTS, When::Next(1), Fault::no_premium());
    it.connect().await;
    it.wait_for_lists().await;

    let connection = it.client.json("/api/connection").await;

    let reason = connection["reason"].as_str().expect("a text");
    assert!(reason.starts_with("Spotify refuses because the owner of the app has no Premium"), "{reason}");
    must_have(&it.page(PAGE).await, &["The app’s owner has no Spotify Premium", "Try now", "<dt>Next "]);
    assert!(!it.page(PAGE).await.contains("Take today’s lists now"), "it is the same");
    let check = it.command("check", &[]).await;
    assert!(check.stdout.contains("WARNING: Spotify refuses because the owner"), "{}", check.stdout);
    assert_eq!(check.code, Some(1));
    let db = it.app.database.connect().await;
    let row = entity::connection::Entity::find().one(&db).await.expect("it is read");
    db.close().await.expect("the connection closes");
    assert_eq!(row.and_then(|row| row.reason).as_deref(), Some("premium"));
}
}

on_both_engines! {
async fn a_list_that_is_kept_is_not_missing(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    it.fake.fail(&Call::LISTS, When::Next(9), Fault::outage());

    let failed = it.command("capture", &[]).await;

    assert_eq!(failed.code, Some(1), "{}", failed.stderr);
    let page = it.page(PAGE).await;
    must_have(&page, &["Today’s lists came at", "failed", "Spotify answered 503"]);
    assert!(!page.contains("Today’s capture failed"), "{page}");
    assert!(!it.page("/dashboard").await.contains("Today’s capture failed"));
    must_have(&it.page(&format!("{PAGE}?lists=today")).await, &["All three lists are kept."]);
}
}
