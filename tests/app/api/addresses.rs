//! Paths, parameters and methods: only those of the OpenAPI document are accepted.

use crate::harness::{Engine, Response, TestApp, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One operation of the document, with a valid path.
struct Operation {
    method: Method,
    path: String,
    query: Vec<String>,
}

fn filled(path: &str) -> String {
    path.replace("{track_id}", "a")
        .replace("{snapshot_date}", "2026-03-01")
        .replace("{time_range}", "short_term")
}

async fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.json("/openapi.json").await;
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query");
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: filled(path),
                query: query
                    .map(|parameter| parameter["name"].as_str().expect("a name").into())
                    .collect(),
            });
        }
    }
    assert!(
        operations.len() >= 15,
        "the document has {}",
        operations.len()
    );
    operations
}

impl TestApp {
    async fn call(&self, operation: &Operation, query: &str) -> Response {
        let path = format!("{}?{query}", operation.path);
        match operation.method {
            Method::PUT => self.put(&path, json!({})).await,
            _ => self.request(operation.method.clone(), &path, &[]).await,
        }
    }
}

on_both_engines! {
async fn an_unknown_parameter_is_400_with_its_name(app: TestApp) {
    for operation in operations(&app).await {
        for (query, name) in [("foo=1", "foo"), ("foo", "foo"), ("f%6Fo=1", "foo"), ("LIMIT=1", "LIMIT"), ("=1", ""), ("%20=", " ")] {
            let problem = app.call(&operation, query).await.problem(400, Some(name));

            let detail = problem["detail"].as_str().expect("a detail");
            assert!(operation.query.iter().all(|known| detail.contains(known)), "{detail}");
        }
        app.call(&operation, &format!("{}=1", "x".repeat(5000))).await.problem(400, Some(&"x".repeat(64)));
    }
}
}

on_both_engines! {
async fn a_repeated_parameter_is_400_with_its_name(app: TestApp) {
    for operation in operations(&app).await {
        for name in &operation.query {
            for query in [format!("{name}=1&{name}=1"), format!("{name}=&{name}"), format!("{name}=1&&{name}=2")] {
                app.call(&operation, &query).await.problem(400, Some(name));
            }
        }
    }
}
}

on_both_engines! {
async fn invalid_text_in_a_query_is_400_with_its_field(app: TestApp) {
    for operation in operations(&app).await {
        for name in &operation.query {
            for value in ["%ff", "%00", "a%00b", "%C3%28", "%ED%A0%80"] {
                app.call(&operation, &format!("{name}={value}")).await.problem(400, Some(name));
            }
        }
        for query in ["%ff=1", "%00=1", "a%00=1"] {
            app.call(&operation, query).await.problem(400, Some("query"));
        }
    }
}
}

on_both_engines! {
async fn invalid_text_in_a_path_is_400_with_its_field(app: TestApp) {
    let cases = [
        ("/api/tracks/#", "track_id"), ("/api/tracks/#/history", "track_id"),
        ("/api/snapshots/#/short_term", "snapshot_date"), ("/api/snapshots/2026-03-01/#", "time_range"),
        ("/api/snapshots/2026-03-01/short_term/#", "track_id"),
    ];
    for (path, field) in cases {
        for segment in ["%ff", "%00", "a%00b", "%ED%A0%80"] {
            for method in [Method::GET, Method::DELETE, Method::PUT] {
                let response = app.request(method.clone(), &path.replace('#', segment), &[]).await;
                let problem = response.json();
                assert_eq!((response.status, problem["field"].as_str()), (400, Some(field)), "{method} {path} {segment}");
            }
        }
    }
}
}

on_both_engines! {
async fn every_path_accepts_the_methods_of_the_document_and_allow_lists_them(app: TestApp) {
    let operations = operations(&app).await;
    let paths: BTreeSet<_> = operations.iter().map(|operation| &operation.path).collect();
    for path in paths {
        let mut known: BTreeSet<_> = operations.iter()
            .filter(|operation| operation.path == *path)
            .map(|operation| operation.method.as_str())
            .collect();
        if known.contains("GET") {
            known.insert("HEAD");
        }
        for method in ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECTED"] {
            let response = app.request(method.parse().expect("a method"), path, &[]).await;

            assert_eq!(response.status != 405, known.contains(method), "{method} {path}: {}", response.body);
            if response.status == 405 {
                let allow: BTreeSet<_> = response.header("allow").split(", ").collect();
                assert_eq!(allow, known, "{method} {path}");
                if method != "HEAD" {
                    response.problem(405, None);
                }
            }
        }
    }
}
}

on_both_engines! {
async fn pages_and_files_accept_only_get_and_head(app: TestApp) {
    for path in ["/", "/dashboard", "/docs", "/openapi.yaml", "/openapi.json", "/livez", "/readyz"] {
        for method in ["PUT", "DELETE", "POST", "PATCH", "OPTIONS", "TRACE"] {
            let response = app.request(method.parse().expect("a method"), path, &[]).await;

            assert_eq!((response.status, response.header("allow")), (405, "GET, HEAD"), "{method} {path}");
        }
    }
}
}

on_both_engines! {
async fn a_path_with_an_extra_slash_or_another_case_does_not_match(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    for path in ["/api/tracks/", "/api/tracks/a/", "/api//tracks", "/api/summary/", "/api/snapshots/2026-03-01/", "/API/tracks"] {
        let response = app.get(path).await;
        assert!(matches!(response.status, 400 | 404), "{path}: {} {}", response.status, response.body);
    }
}
}

on_both_engines! {
async fn every_limit_parameter_accepts_only_1_to_100(app: TestApp) {
    for operation in operations(&app).await {
        for limit in ["0", "101", "-1", "x", "1.5", "", "1e1", "99999999999999999999", "%31%30%31"] {
            if operation.query.contains(&"limit".to_owned()) {
                app.call(&operation, &format!("limit={limit}")).await.problem(400, Some("limit"));
            }
        }
    }
}
}

on_both_engines! {
async fn a_cursor_not_issued_by_the_program_is_400(app: TestApp) {
    use base64::Engine as _;
    let odd = [
        "null", "7", "\"x\"", "{}", "[]", "[1,2]", "[null,null]", "[\"a\"]", "[\"a\",\"b\",\"c\"]",
        "[\"\\u0000\",\"a\"]", "[\"\\ud800\",\"a\"]", "[[],{}]", "", "[\"2026-03-01\",7]",
    ];
    let encoded = odd.map(|position| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(position));
    for path in ["/api/tracks", "/api/snapshots", "/api/captures"] {
        for cursor in encoded.iter().map(String::as_str).chain(["!", "%21", "=", "a", "AAAA", "%C3%A9", "W10="]) {
            let response = app.get(&format!("{path}?cursor={cursor}")).await;
            let problem: Value = response.json();
            assert_eq!((response.status, problem["field"].as_str()), (400, Some("cursor")), "{path} {cursor}");
        }
    }
}
}
