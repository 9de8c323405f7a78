//! A server without an owner: open to this machine alone, until somebody brings the token of its log.

use super::{OTHER_PASSWORD, PASSWORD};
use crate::harness::{Engine, TestApp, must_have, on_both_engines};
use regex::Regex;
use reqwest::Method;

/// A request that a proxy passes on is not local.
const OUTSIDE: (&str, &str) = ("x-forwarded-for", "192.0.2.1");

/// The last set-up token of the log.
pub fn token(app: &TestApp) -> String {
    let line = Regex::new(r"set up at \S+/set-up with the token (mtm-setup-\S+) until \d\d:\d\d")
        .expect("a pattern");
    let log = app.server.log();
    let found = line.captures_iter(&log).last();
    found.unwrap_or_else(|| panic!("no token in {log}"))[1].to_owned()
}

on_both_engines! {
async fn whoever_brings_the_token_of_the_log_becomes_the_owner(app: TestApp) {
    assert_eq!(app.get("/dashboard").await.status, 200, "a local request is served");
    let closed = app.request(Method::GET, "/dashboard", &[OUTSIDE]).await;
    assert_eq!((closed.status, closed.header("location")), (303, "/set-up"));
    let refused = app.request(Method::GET, "/api/summary", &[OUTSIDE]).await;
    refused.problem(401, None);
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    assert!(!app.server.log().contains("mtm-setup-"), "only who can be reached from outside says so at the start");

    let page = app.request(Method::GET, "/set-up", &[OUTSIDE]).await;
    must_have(&page.body, &["Make this server yours", "Look into the server’s log", "15 characters or more"]);
    let first = token(&app);
    app.request(Method::GET, "/set-up", &[OUTSIDE]).await;
    assert_eq!(token(&app), first, "one is enough while it is valid");

    let set_up = |token: &str, password: &str| {
        let fields = [("token".to_owned(), token.to_owned()), ("password".to_owned(), password.to_owned())];
        let app = &app;
        async move {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            app.submit("/set-up", &[OUTSIDE], &fields).await
        }
    };
    let short = set_up(&first, "too short").await;
    assert_eq!(short.status, 400);
    must_have(&short.body, &["It must have 15 characters or more", &first]);
    let common = set_up(&first, "passwordpassword").await;
    assert_eq!(common.status, 400);
    must_have(&common.body, &["among the first that are guessed"]);
    let wrong = set_up("mtm-setup-wrong", PASSWORD).await;
    assert_eq!(wrong.status, 403);
    must_have(&wrong.body, &["That is not a token of the log"]);

    let done = set_up(&format!(" {first} "), PASSWORD).await;
    assert_eq!((done.status, done.header("location")), (303, "/dashboard"), "{}", done.body);
    let cookie = done.header("set-cookie").split(';').next().expect("a pair");
    assert_eq!(app.status_with(Method::GET, "/dashboard", &[OUTSIDE, ("cookie", cookie)]).await, 200);
    assert_eq!(app.get("/dashboard").await.header("location"), "/sign-in?next=%2Fdashboard", "a proof is asked of local requests too");

    let again = set_up(&first, OTHER_PASSWORD).await;
    assert_eq!((again.status, again.header("location")), (303, "/sign-in"), "a token counts once");
    assert_eq!(app.get("/set-up").await.header("location"), "/sign-in");
    app.sign_in(PASSWORD).await;
    let log = app.request(Method::GET, "/api/log", &[("cookie", cookie)]).await.json();
    let events: Vec<_> = log["items"].as_array().expect("items").iter().map(|item| item["event"].clone()).collect();
    assert_eq!(events, ["signed_in", "set_up"]);
}
}

on_both_engines! {
async fn a_token_is_valid_for_an_hour(app: TestApp) {
    app.get("/set-up").await;
    let old = token(&app);
    app.database.execute("UPDATE set_up_tokens SET expires_at = '2020-01-01T00:00:00+00:00'").await;

    let fields = [("token", old.as_str()), ("password", PASSWORD)];
    let refused = app.submit("/set-up", &[], &fields).await;
    assert_eq!(refused.status, 403);

    app.get("/set-up").await;
    assert_ne!(token(&app), old, "the next visit logs a new one");
    let new = token(&app);
    let other = app.another_server(&[]).await;
    app.client.set_origin(&other.origin);
    let fields = [("token", new.as_str()), ("password", PASSWORD)];
    assert_eq!(app.submit("/set-up", &[], &fields).await.status, 303, "any process knows it");
}
}

#[tokio::test]
async fn a_server_that_can_be_reached_says_how_to_set_it_up() {
    let settings = [
        ("PUBLIC_URL", "https://music.example.org"),
        ("TIME_ZONE", "Asia/Tokyo"),
    ];
    let app = TestApp::with_settings(Engine::Sqlite, &settings).await;

    let log = app.server.log();

    assert!(
        log.contains("set up at https://music.example.org/set-up with the token mtm-setup-"),
        "{log}"
    );
}

on_both_engines! {
async fn the_setting_is_the_only_password(app: TestApp) {
    drop(app.get("/set-up").await);
    let owned = app.another_server(&[("OWNER_PASSWORD", PASSWORD)]).await;
    app.client.set_origin(&owned.origin);
    assert_eq!(app.get("/set-up").await.header("location"), "/sign-in");
    let cookie = app.sign_in(PASSWORD).await;

    let fields = [("password", PASSWORD), ("new_password", OTHER_PASSWORD)];
    let refused = app.submit("/settings/access/password", &[("cookie", &cookie)], &fields).await;
    assert_eq!(refused.status, 409);
    must_have(&refused.body, &["OWNER_PASSWORD"]);

    // The same setting again ends nothing; another one ends the sessions.
    let again = app.another_server(&[("OWNER_PASSWORD", PASSWORD)]).await;
    app.client.set_origin(&again.origin);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", &cookie)]).await, 200);
    let other = app.another_server(&[("OWNER_PASSWORD", OTHER_PASSWORD)]).await;
    app.client.set_origin(&other.origin);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", &cookie)]).await, 401);
    app.sign_in(OTHER_PASSWORD).await;
}
}
