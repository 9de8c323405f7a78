//! What can go wrong while the owner connects, and what the page says then.

use super::{CLIENT_ID, Connecting, PAGE};
use crate::harness::{Engine, TestApp, must_have, on_both_engines};
use chrono::{TimeDelta, Utc};
use music_time_machine::demo::spotify::{Call, Fault, When};
use reqwest::Method;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use std::time::{Duration, Instant};

/// Where a problem leads, with the client id that was typed.
fn problem(word: &str) -> String {
    format!("{PAGE}?problem={word}&client_id={CLIENT_ID}")
}

/// Answers of Spotify, the word of the problem, and words of the page.
fn faults() -> [(Call, Fault, &'static str, &'static str); 6] {
    let client = r#"{"error":"invalid_client"}"#;
    let listed = "The user is not registered for this application";
    let premium = "Active premium subscription required for the owner of the app.";
    [
        (
            Call::ExchangeCode,
            Fault::status(503, ""),
            "outage",
            "did not answer as it should",
        ),
        (
            Call::ExchangeCode,
            Fault::status(400, client),
            "client",
            "does not know this client ID",
        ),
        (
            Call::Account,
            Fault::status(403, listed),
            "user_not_listed",
            "not on the app’s list",
        ),
        (
            Call::Account,
            Fault::status(403, premium),
            "premium",
            "has no Spotify Premium",
        ),
        (
            Call::Account,
            Fault::NotJson,
            "outage",
            "did not answer as it should",
        ),
        // The last one, because nothing is asked afterwards.
        (
            Call::ExchangeCode,
            Fault::rate_limited(3600),
            "paused",
            "asked for a pause until",
        ),
    ]
}

on_both_engines! {
async fn a_problem_is_explained_and_nothing_is_connected(app: TestApp) {
    let it = Connecting::start(app).await;
    for (call, fault, word, words) in faults() {
        let begun = it.begin().await;
        let back = it.agree(&begun);
        it.fake.fail(&[call], When::Next(1), fault);

        let page = it.back(&back, &begun.cookie).await;

        assert_eq!(page, problem(word));
        must_have(&it.page(&page).await, &[words]);
        assert_eq!(it.state().await, "not_connected", "{word}");
        it.fake.heal();
    }

    let requests = it.fake.requests().len();
    let paused = it.post("/settings/spotify/connect", &format!("client_id={CLIENT_ID}"), &[]).await;
    assert_eq!(paused.header("location"), problem("paused"));
    assert_eq!(it.fake.requests().len(), requests);
}
}

on_both_engines! {
async fn another_account_replaces_nothing(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    it.fake.set_account("another", Some("Another Listener"));
    let begun = it.begin().await;
    let back = it.agree(&begun);

    let page = it.back(&back, &begun.cookie).await;

    assert_eq!(page, problem("other_account"));
    must_have(&it.page(&page).await, &["another Spotify account", "disconnect first", "Made-up Listener"]);
    let connection = it.client.json("/api/connection").await;
    assert_eq!(connection["account_name"], "Made-up Listener");
}
}

on_both_engines! {
async fn a_renewal_that_failed_changes_nothing_and_can_be_tried_again(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;

    let pages = ["cancelled", "not_begun", "outage"].map(problem);

    for path in pages {
        let page = it.page(&path).await;
        must_have(&page, &["Nothing was changed", "Disconnect"]);
        assert_eq!(page.matches("Renew now").count(), 1, "{page}");
        assert!(!page.contains("nothing is taken"), "{page}");
    }
}
}

on_both_engines! {
async fn the_answer_is_taken_although_the_browser_goes_away(app: TestApp) {
    let it = Connecting::start(app).await;
    let begun = it.begin().await;
    let back = it.agree(&begun);
    it.fake.fail(&[Call::Account], When::Next(1), Fault::Held);
    let (client, cookie) = (it.client.clone(), begun.cookie.clone());

    let request = tokio::spawn(async move {
        let path = &back[url::Position::BeforePath..];
        client.request(Method::GET, path, &[("cookie", &cookie)]).await;
    });
    while !it.fake.requests().iter().any(|request| request.call == Call::Account) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    request.abort();
    assert!(request.await.is_err(), "the browser has gone away");
    // The server notices.
    tokio::time::sleep(Duration::from_millis(100)).await;
    it.fake.heal();

    it.wait_for_lists().await;
    assert_eq!(it.state().await, "connected");
}
}

on_both_engines! {
async fn a_failure_that_is_repeated_after_a_renewal_is_shown(app: TestApp) {
    let it = Connecting::start(app).await;
    it.fake.fail(&Call::LISTS, When::Next(6), Fault::outage());
    it.connect().await;
    it.wait_for_lists().await;

    it.connect().await;

    let started = Instant::now();
    while it.client.json("/api/captures").await["items"][2]["attempt_count"] != 2 {
        assert!(started.elapsed() < Duration::from_secs(30), "they are not repeated");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let page = it.page(PAGE).await;
    must_have(&page, &["Last answers", "Today’s capture failed", "Spotify answered 503", "<dt>Next "]);
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 3, "{page}");
}
}

on_both_engines! {
async fn the_page_says_that_another_process_takes_lists(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;
    let started = Instant::now();
    while it.page(PAGE).await.contains("Lists are being taken") {
        assert!(started.elapsed() < Duration::from_secs(30), "the lease is kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let lease = entity::lease::ActiveModel {
        name: Set("capture".into()),
        holder: Set("another process".into()),
        expires_at: Set(Utc::now() + TimeDelta::minutes(1)),
    };
    let db = it.app.database.connect().await;
    lease.insert(&db).await.expect("it is stored");
    db.close().await.expect("the connection closes");

    must_have(&it.page(PAGE).await, &["Lists are being taken"]);
    must_have(&it.page(&format!("{PAGE}?lists=today")).await, &["data-taking"]);
}
}

on_both_engines! {
async fn connecting_from_another_address_leads_to_the_public_one(app: TestApp) {
    let it = Connecting::with_settings(app, &[("PUBLIC_URL", "https://music.example")]).await;
    let form = format!("client_id={CLIENT_ID}");
    let connect = async |form: &str, headers: &[(&str, &str)]| {
        let answer = it.post("/settings/spotify/connect", form, headers).await;
        answer.header("location").to_owned()
    };

    let here = connect(&form, &[]).await;
    let stays = connect(&format!("{form}&stay=true"), &[]).await;

    assert_eq!(here, problem("other_host"));
    must_have(&it.page(&here).await, &["href=\"https://music.example/settings/spotify\"", "<details class=\"numbers other-machine\" open"]);
    assert!(stays.starts_with(it.fake.origin().as_str()), "{stays}");
}
}

on_both_engines! {
async fn a_consent_that_was_not_given_changes_nothing(app: TestApp) {
    let it = Connecting::start(app).await;
    let begun = it.begin().await;
    let agreed = it.agree(&begun);
    let state = agreed.query_pairs().find(|(name, _)| name == "state").expect("a state").1;
    let mut refused = agreed.clone();
    refused.set_query(None);
    refused.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", &state);

    let page = it.back(&refused, &begun.cookie).await;

    assert_eq!(page, problem("cancelled"));
    must_have(&it.page(&page).await, &["You did not agree at Spotify", &format!("value=\"{CLIENT_ID}\"")]);
    assert_eq!(it.back(&agreed, &begun.cookie).await, format!("{PAGE}?problem=not_begun"));
}
}

on_both_engines! {
async fn a_wrong_client_id_and_another_host_begin_nothing(app: TestApp) {
    let it = Connecting::start(app).await;
    let port = it.server.origin.rsplit(':').next().expect("a port");
    let localhost = format!("localhost:{port}");
    let form = format!("client_id={CLIENT_ID}");

    let wrong = it.post("/settings/spotify/connect", "client_id=not+one", &[]).await;
    let elsewhere = it.post("/settings/spotify/connect", &form, &[("host", &localhost)]).await;
    let stays = it.post("/settings/spotify/connect", &format!("{form}&stay=true"), &[("host", &localhost)]).await;

    assert_eq!(wrong.header("location"), format!("{PAGE}?problem=client_id&client_id=not+one"));
    must_have(&it.page(wrong.header("location")).await, &["This is no client ID", "value=\"not one\""]);
    let empty = it.post("/settings/spotify/connect", "client_id=", &[]).await;
    must_have(&it.page(empty.header("location")).await, &["Enter the client ID"]);
    let moved = elsewhere.header("location");
    assert_eq!(moved, format!("{}{PAGE}?notice=moved&client_id={CLIENT_ID}", it.server.origin));
    must_have(&it.page(&moved[it.server.origin.len()..]).await, &[CLIENT_ID, "Press Connect once more"]);
    assert!(stays.header("location").starts_with(it.fake.origin().as_str()), "{}", stays.header("location"));
}
}
