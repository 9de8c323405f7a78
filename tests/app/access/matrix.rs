//! Every route, caller and method: whether the caller gets in. The routes come from the OpenAPI document and from the
//! features, so that a new one cannot be forgotten.

use super::{PASSWORD, with_an_owner};
use crate::harness::TestApp;
use futures_util::{StreamExt, stream};
use regex::Regex;
use reqwest::Method;

const METHODS: [Method; 5] = [
    Method::GET,
    Method::HEAD,
    Method::PUT,
    Method::POST,
    Method::DELETE,
];

/// Open to all.
const OPEN: [&str; 3] = ["/sign-in", "/sign-out", "/set-up"];

struct Caller {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    scopes: &'static [&'static str],
    /// A browser says that a page of another site sent the request.
    is_elsewhere: bool,
    is_token: bool,
}

with_an_owner! {
async fn every_route_lets_in_whom_it_should(app: TestApp) {
    let callers = callers(&app).await;
    let mut routes = operations(&app).await;
    routes.extend(pages());
    assert!(routes.len() > 50, "{routes:?}");

    let mut requests = Vec::new();
    for route in &routes {
        for method in &METHODS {
            for caller in &callers {
                requests.push((route, method, caller));
            }
        }
    }
    let checks = requests.into_iter().map(|(route, method, caller)| check(&app, route, method, caller));
    let wrong: Vec<String> = stream::iter(checks).buffer_unordered(8).filter_map(async |wrong| wrong).collect().await;

    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
}

async fn callers(app: &TestApp) -> Vec<Caller> {
    let caller = |name, headers: Vec<(&'static str, String)>, scopes| Caller {
        name,
        is_token: headers.iter().any(|(name, _)| *name == "authorization"),
        headers,
        scopes,
        is_elsewhere: false,
    };
    let bearer = |token: String| vec![("authorization", token)];
    let session = app.sign_in(PASSWORD).await;
    let own = |cookie: &str| {
        vec![
            ("cookie", cookie.to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
        ]
    };
    let elsewhere = vec![
        ("cookie", session.clone()),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("origin", "https://evil.example".to_owned()),
    ];
    let (read, write, admin) = (
        app.token("read").await,
        app.token("write").await,
        app.token("admin").await,
    );
    let (revoked, expired) = (app.token("read,admin").await, app.token("read,write").await);
    let over = app.sign_in(PASSWORD).await;
    revoke(app, "read,admin").await;
    let expire =
        "UPDATE api_tokens SET expires_at = '2020-01-01T00:00:00+00:00' WHERE name = 'read,write';
        UPDATE sessions SET last_seen_at = '2020-01-01T00:00:00+00:00'
        WHERE created_at = (SELECT max(created_at) FROM sessions)";
    app.database.execute(expire).await;
    vec![
        caller("nobody", vec![], &[]),
        caller(
            "a wrong token",
            bearer(format!("Bearer mtm_{}", "x".repeat(43))),
            &[],
        ),
        caller("a read token", bearer(read), &["read"]),
        caller("a write token", bearer(write), &["write"]),
        caller("an admin token", bearer(admin), &["admin"]),
        caller("a session", own(&session), &["read", "write", "admin"]),
        Caller {
            is_elsewhere: true,
            ..caller(
                "a session from another site",
                elsewhere,
                &["read", "write", "admin"],
            )
        },
        caller("a session that is over", own(&over), &[]),
        caller("an expired token", bearer(expired), &[]),
        caller("a revoked token", bearer(revoked), &[]),
    ]
}

async fn revoke(app: &TestApp, name: &str) {
    let list = app.run(&["token", "list"]).await.stdout;
    let line = list
        .lines()
        .find(|line| line.contains(&format!("  {name}  ")));
    let id = line.and_then(|line| line.split(' ').next()).expect("an id");
    let revoked = app.run(&["token", "revoke", id]).await;
    assert_eq!(revoked.code, Some(0), "{}", revoked.stderr);
}

/// The paths below `/api`, with values for their parameters.
async fn operations(app: &TestApp) -> Vec<String> {
    let document = app.json("/openapi.json").await;
    let paths = document["paths"].as_object().expect("paths");
    paths.keys().map(|path| filled(path)).collect()
}

/// The paths of pages and forms, and one that there is not.
fn pages() -> Vec<String> {
    let paths = music_time_machine::web::page_paths().into_iter();
    let more = ["/", "/no/such/page"].map(ToOwned::to_owned);
    paths.chain(more).map(|path| filled(&path)).collect()
}

/// A path with values for its parameters, which name nothing that there is.
fn filled(path: &str) -> String {
    let parameter = Regex::new(r"\{(\w+)\}|[:*](\w+)").expect("a pattern");
    let filled = parameter.replace_all(path, |found: &regex::Captures| {
        let name = found
            .get(1)
            .or(found.get(2))
            .map_or("", |name| name.as_str());
        match name {
            "snapshot_date" | "day" | "date" | "since" => "2026-03-01",
            "time_range" | "range" | "word" => "short_term",
            _ => "nothing",
        }
    });
    filled.into_owned()
}

fn scope(method: &Method, path: &str) -> Option<&'static str> {
    let below = |root: &str| path == root || path.starts_with(&format!("{root}/"));
    let admin = [
        "/settings",
        "/spotify/callback",
        "/api/connection",
        "/api/sessions",
        "/api/tokens",
        "/api/export",
        "/api/library",
        "/api/log",
    ];
    match *method {
        _ if OPEN.contains(&path) => None,
        _ if admin.into_iter().any(below) => Some("admin"),
        Method::GET | Method::HEAD => Some("read"),
        _ => Some("write"),
    }
}

/// Returns what is wrong.
async fn check(app: &TestApp, path: &str, method: &Method, caller: &Caller) -> Option<String> {
    // These would end the session with which the other requests are made.
    let ends_session = match path {
        "/sign-out" => caller.name == "a session",
        "/settings/access/sessions/end-others" => caller.name == "an admin token",
        _ => false,
    };
    if ends_session {
        return None;
    }
    let mut headers: Vec<_> = caller
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    // No operation accepts such a body: who gets in changes nothing.
    headers.push(("content-type", "text/plain"));
    let body = if *method == Method::GET || *method == Method::HEAD {
        ""
    } else {
        "no body"
    };
    let response = app.send(method.clone(), path, &headers, body).await;
    let is_change = !matches!(*method, Method::GET | Method::HEAD);
    let is_api = path.starts_with("/api/");
    let location = response.header("location");
    let expected = match scope(method, path) {
        _ if caller.is_elsewhere && is_change => "refused with 403",
        None => "let in",
        Some(scope) if caller.scopes.contains(&scope) => "let in",
        Some(_) if caller.is_token && !caller.scopes.is_empty() => "refused with 403",
        Some(_) if is_api => "refused with 401",
        Some(_) => "led to the sign-in",
    };
    let is_led = response.status == 303 && location.starts_with("/sign-in?next=");
    let found = match response.status {
        401 if path == "/sign-in" => "let in",
        401 => "refused with 401",
        403 => "refused with 403",
        _ if is_led => "led to the sign-in",
        // Two exports run at a time, and the others are told to come again.
        503 if matches!(path, "/api/export" | "/settings/library.db") => "let in",
        500.. => "a failure",
        _ => "let in",
    };
    let names_scheme = response.header("www-authenticate") == "Bearer";
    match found == expected && (found != "refused with 401" || names_scheme) {
        true => None,
        false => Some(format!(
            "{method} {path} by {}: {} instead of {expected}",
            caller.name, response.status
        )),
    }
}
