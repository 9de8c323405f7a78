//! What can go wrong while the owner connects, and what the page says then.

use super::{CLIENT_ID, Connecting, PAGE};
use crate::harness::{Engine, TestApp, must_have, on_both_engines};
use music_time_machine::demo::spotify::{Call, Fault, When};

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

        assert_eq!(page, format!("{PAGE}?problem={word}"));
        must_have(&it.page(&page).await, &[words]);
        assert_eq!(it.state().await, "not_connected", "{word}");
        it.fake.heal();
    }

    let requests = it.fake.requests().len();
    let paused = it.post("/settings/spotify/connect", &format!("client_id={CLIENT_ID}"), &[]).await;
    assert_eq!(paused.header("location"), format!("{PAGE}?problem=paused"));
    assert_eq!(it.fake.requests().len(), requests);
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

    assert_eq!(page, format!("{PAGE}?problem=cancelled"));
    must_have(&it.page(&page).await, &["You did not agree at Spotify"]);
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

    assert_eq!(wrong.header("location"), format!("{PAGE}?problem=client_id"));
    let moved = elsewhere.header("location");
    assert_eq!(moved, format!("{}{PAGE}?notice=moved&client_id={CLIENT_ID}", it.server.origin));
    must_have(&it.page(&moved[it.server.origin.len()..]).await, &[CLIENT_ID, "Press Connect once more"]);
    assert!(stays.header("location").starts_with(it.fake.origin().as_str()), "{}", stays.header("location"));
}
}
