//! API tokens: made, shown once, used, listed, revoked.

use super::{PASSWORD, with_an_owner};
use crate::harness::{JSON, TestApp, must_have};
use reqwest::Method;
use serde_json::json;

with_an_owner! {
async fn a_token_is_made_shown_once_used_and_revoked(app: TestApp) {
    let admin = app.token("admin").await;
    let headers = [JSON, &[("authorization", admin.as_str())]].concat();
    let body = json!({ "name": " Home display ", "scopes": ["write", "read", "read"] });
    let made = app.send(Method::POST, "/api/tokens", &headers, body).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    assert_eq!((made["name"].as_str(), &made["scopes"]), (Some("Home display"), &json!(["read", "write"])));
    let expires: chrono::DateTime<chrono::Utc> = made["expires_at"].as_str().expect("an instant").parse().expect("an instant");
    let created: chrono::DateTime<chrono::Utc> = made["created_at"].as_str().expect("an instant").parse().expect("an instant");
    assert_eq!(expires - created, chrono::TimeDelta::days(90));
    let token = made["token"].as_str().expect("a token");
    assert!(token.starts_with("mtm_") && token.len() == 47, "{token}");

    let bearer = format!("Bearer {token}");
    let bearer = [("authorization", bearer.as_str())];
    assert_eq!(app.status_with(Method::GET, "/api/summary", &bearer).await, 200);
    assert_eq!(app.status_with(Method::GET, "/dashboard", &bearer).await, 200, "pages take a read token too");
    assert_eq!(app.status_with(Method::GET, "/api/tokens", &bearer).await, 403);
    let list = app.request(Method::GET, "/api/tokens", &headers).await;
    assert!(!list.body.contains(token));
    let row = list.json()["items"][0].clone();
    assert_eq!(row["token_id"], made["token_id"]);
    // The request does not wait for its record.
    let is_used = async || {
        let list = app.request(Method::GET, "/api/tokens", &headers).await.json();
        list["items"][0]["last_used_at"].is_string()
    };
    while !is_used().await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }

    let path = format!("/api/tokens/{}", made["token_id"].as_str().expect("an id"));
    assert_eq!(app.status_with(Method::DELETE, &path, &headers).await, 204);
    let refused = app.request(Method::GET, "/api/summary", &bearer).await;
    refused.problem(401, None);
    assert_eq!(app.status_with(Method::DELETE, &path, &headers).await, 404);
}
}

with_an_owner! {
async fn a_token_expires_when_it_was_asked_to(app: TestApp) {
    let admin = app.token("admin").await;
    let headers = [JSON, &[("authorization", admin.as_str())]].concat();
    let make = async |body: serde_json::Value| app.send(Method::POST, "/api/tokens", &headers, body).await;

    let never = make(json!({ "name": "a", "scopes": ["read"], "expires_in_days": null })).await.json();
    assert!(never.get("expires_at").is_none(), "{never}");
    for (body, field) in [
        (json!({ "name": "a", "scopes": ["read"], "expires_in_days": 0 }), "expires_in_days"),
        (json!({ "name": "a", "scopes": ["read"], "expires_in_days": 3651 }), "expires_in_days"),
        (json!({ "name": "a", "scopes": [] }), "scopes"),
        (json!({ "name": "a", "scopes": ["all"] }), "scopes"),
        (json!({ "name": "a", "scopes": "read" }), "scopes"),
        (json!({ "name": " ", "scopes": ["read"] }), "name"),
        (json!({ "name": "a".repeat(81), "scopes": ["read"] }), "name"),
        (json!({ "scopes": ["read"] }), "name"),
        (json!({ "name": "a", "scopes": ["read"], "token": "mine" }), "token"),
    ] {
        make(body).await.problem(400, Some(field));
    }
}
}

with_an_owner! {
async fn the_page_makes_and_revokes_tokens(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let headers = [("cookie", cookie.as_str())];
    let fields = [("name", "<b>Home</b>"), ("scopes", "read"), ("scopes", "admin"), ("expires_in_days", "never")];
    let made = app.submit("/settings/access/tokens", &headers, &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    must_have(&made.body, &["&lt;b&gt;Home&lt;/b&gt;", "It is shown this once", "never"]);
    let token = regex::Regex::new(r#"value="(mtm_[\w-]{43})""#).expect("a pattern");
    let token = token.captures(&made.body).expect("the token is on the page")[1].to_owned();
    let bearer = format!("Bearer {token}");
    assert_eq!(app.status_with(Method::GET, "/api/tokens", &[("authorization", &bearer)]).await, 200);
    let page = app.request(Method::GET, "/settings/access", &headers).await;
    assert!(!page.body.contains(&token));

    let nothing = app.submit("/settings/access/tokens", &headers, &[("name", "x")]).await;
    assert_eq!(nothing.status, 400);
    must_have(&nothing.body, &["Choose at least one."]);

    let id = regex::Regex::new(r#"name="id" value="(\w{32})""#).expect("a pattern");
    let id = id.captures(&page.body).expect("an id")[1].to_owned();
    app.submit("/settings/access/tokens/revoke", &headers, &[("id", &id)]).await;
    assert_eq!(app.status_with(Method::GET, "/api/tokens", &[("authorization", &bearer)]).await, 401);
}
}

with_an_owner! {
async fn the_log_tells_who_did_what(app: TestApp) {
    let cookie = app.sign_in(PASSWORD).await;
    let headers = [("cookie", cookie.as_str())];
    let fields = [("name", "Display"), ("scopes", "read")];
    app.submit("/settings/access/tokens", &headers, &fields).await;
    for _ in 0..3 {
        app.submit("/sign-in", &[], &[("password", "wrong")]).await;
    }

    let log = app.request(Method::GET, "/api/log?limit=2", &headers).await.json();
    assert_eq!(log["items"][0]["event"], "sign_in_failed");
    assert_eq!(log["items"][0]["address"], "127.0.0.1");
    let cursor = log["next_cursor"].as_str().expect("a cursor");
    let rest = app.request(Method::GET, &format!("/api/log?cursor={cursor}"), &headers).await.json();
    let rest = rest["items"].as_array().expect("items");
    let events: Vec<_> = rest.iter().map(|item| (item["event"].clone(), item["detail"].clone())).collect();
    assert_eq!(events, [
        (json!("sign_in_failed"), json!("")),
        (json!("token_created"), json!("Display: read")),
        (json!("signed_in"), json!("")),
        (json!("set_up"), json!("OWNER_PASSWORD")),
    ]);
    let page = app.request(Method::GET, "/settings/log", &headers).await;
    must_have(&page.body, &["Wrong password", "3 times in a minute", "API token made", "Display: read", "Signed in"]);
    let csv = app.request(Method::GET, "/api/log?format=csv", &headers).await;
    assert!(csv.body.starts_with("at,event,detail,address\r\n"), "{}", csv.body);
}
}
