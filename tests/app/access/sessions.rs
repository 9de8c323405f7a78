//! Sessions: listed, ended, over by themselves, and ended by a change of the password.

use super::{OTHER_PASSWORD, PASSWORD, with_an_owner};
use crate::harness::{Engine, TestApp, must_have, on_both_engines};
use reqwest::Method;

const FIREFOX: (&str, &str) = (
    "user-agent",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
);

impl TestApp {
    async fn has_session(&self, cookie: &str) -> bool {
        let status = self
            .status_with(Method::GET, "/api/summary", &[("cookie", cookie)])
            .await;
        status == 200
    }
}

with_an_owner! {
async fn sessions_are_listed_and_ended(app: TestApp) {
    let mine = app.sign_in(PASSWORD).await;
    let fields = [("password", PASSWORD)];
    let other = app.submit("/sign-in", &[FIREFOX], &fields).await;
    let other = other.header("set-cookie").split(';').next().expect("a pair").to_owned();

    let headers = [("cookie", mine.as_str())];
    let sessions = app.request(Method::GET, "/api/sessions", &headers).await.json();
    let items = sessions["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    let current: Vec<_> = items.iter().filter(|item| item["current"] == true).collect();
    assert_eq!(current.len(), 1);
    let firefox = items.iter().find(|item| item["user_agent"] == FIREFOX.1).expect("a session");
    let page = app.request(Method::GET, "/settings/access", &headers).await;
    must_have(&page.body, &["Firefox on Linux", "this one", "127.0.0.1", "End all others", "Sign out"]);

    let id = firefox["session_id"].as_str().expect("an id");
    let ended = app.submit("/settings/access/sessions/end", &headers, &[("id", id)]).await;
    assert_eq!(ended.header("location"), "/settings/access?notice=ended");
    assert!(!app.has_session(&other).await && app.has_session(&mine).await);

    let third = app.sign_in(PASSWORD).await;
    app.submit("/settings/access/sessions/end-others", &headers, &[]).await;
    assert!(!app.has_session(&third).await && app.has_session(&mine).await);

    let out = app.submit("/sign-out", &headers, &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
    assert!(out.header("set-cookie").starts_with("session=; Path=/; Max-Age=0;"));
    assert!(!app.has_session(&mine).await);
}
}

with_an_owner! {
async fn a_session_is_over_after_14_days_unused_and_90_in_all(app: TestApp) {
    for (column, days, is_over) in [
        ("last_seen_at", 13, false),
        ("last_seen_at", 15, true),
        ("created_at", 89, false),
        ("created_at", 91, true),
    ] {
        let cookie = app.sign_in(PASSWORD).await;
        let at = chrono::Utc::now() - chrono::TimeDelta::days(days);
        app.database.execute(&format!("UPDATE sessions SET {column} = '{}'", at.to_rfc3339())).await;
        assert_eq!(app.has_session(&cookie).await, !is_over, "{column} {days}");
    }
}
}

with_an_owner! {
async fn the_last_use_is_written_once_an_hour(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let headers = [("cookie", cookie.as_str())];
    let seen = async || {
        let sessions = app.request(Method::GET, "/api/sessions", &headers).await.json();
        sessions["items"][0]["last_seen_at"].as_str().expect("an instant").to_owned()
    };
    let first = seen().await;
    assert_eq!(seen().await, first);

    let earlier = chrono::Utc::now() - chrono::TimeDelta::minutes(61);
    app.database.execute(&format!("UPDATE sessions SET last_seen_at = '{}'", earlier.to_rfc3339())).await;
    app.request(Method::GET, "/dashboard", &headers).await;
    // The request does not wait for its record.
    let is_recorded = async || {
        let at = chrono::DateTime::parse_from_rfc3339(&seen().await).expect("an instant");
        at > earlier + chrono::TimeDelta::minutes(60)
    };
    while !is_recorded().await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
}

on_both_engines! {
async fn a_changed_password_ends_the_other_sessions(app: TestApp) {
    app.set_up_with(PASSWORD).await;
    let mine = app.sign_in(PASSWORD).await;
    let other = app.sign_in(PASSWORD).await;
    let headers = [("cookie", mine.as_str())];
    let change = async |old: &str, new: &str| {
        let fields = [("password", old), ("new_password", new)];
        app.submit("/settings/access/password", &headers, &fields).await
    };

    let wrong = change("not the password", OTHER_PASSWORD).await;
    assert_eq!(wrong.status, 403);
    must_have(&wrong.body, &["That is not the password."]);
    assert_eq!(change(PASSWORD, "short").await.status, 400);
    assert!(app.has_session(&other).await);

    let changed = change(PASSWORD, OTHER_PASSWORD).await;
    assert_eq!((changed.status, changed.header("location")), (303, "/settings/access?notice=password"));
    let new = changed.header("set-cookie").split(';').next().expect("a pair").to_owned();
    assert!(app.has_session(&new).await, "the browser has a new session");
    assert!(!app.has_session(&mine).await && !app.has_session(&other).await);
    let old = app.submit("/sign-in", &[], &[("password", PASSWORD)]).await;
    assert_eq!(old.status, 401);
    app.sign_in(OTHER_PASSWORD).await;
}
}

impl TestApp {
    /// Makes an owner as a stranger does: by the command on an empty server, or the page.
    pub async fn set_up_with(&self, password: &str) {
        let done = self.run_with_input(&["reset-password"], password).await;
        assert_eq!(done.code, Some(0), "{}", done.stderr);
    }
}

on_both_engines! {
/// What is verified must still be so when it is changed.
async fn a_reset_wins_over_a_change_on_its_way(app: TestApp) {
    app.set_up_with(PASSWORD).await;
    let mine = app.sign_in(PASSWORD).await;
    let headers = [("cookie", mine.as_str())];
    let fields = [("password", PASSWORD), ("new_password", OTHER_PASSWORD)];
    let third = "a third sentence, reset at the machine";

    let (changed, ()) = tokio::join!(
        app.submit("/settings/access/password", &headers, &fields),
        app.set_up_with(third),
    );

    let mut statuses = Vec::new();
    for password in [third, OTHER_PASSWORD, PASSWORD] {
        statuses.push(app.submit("/sign-in", &[], &[("password", password)]).await.status);
    }
    assert_eq!(statuses, [303, 401, 401], "the change: {}", changed.status);
}
}

on_both_engines! {
async fn tokens_from_before_there_was_an_owner_are_revoked(app: TestApp) {
    let early = app.token("admin").await;
    let headers = [("authorization", early.as_str())];
    assert_eq!(app.status_with(Method::GET, "/api/tokens", &headers).await, 200);

    app.set_up_with(PASSWORD).await;

    assert_eq!(app.status_with(Method::GET, "/api/tokens", &headers).await, 401);
}
}
