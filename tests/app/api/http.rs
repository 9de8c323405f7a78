//! What every answer has in common.

use crate::harness::{Client, Engine, TestApp, on_both_engines};
use reqwest::Method;

const READS: [&str; 9] = [
    "/api/summary",
    "/api/release-decade-distribution",
    "/api/release-year-distribution",
    "/api/explicit-distribution",
    "/api/tracks",
    "/api/tracks/a",
    "/api/tracks/a/history",
    "/api/snapshots",
    "/api/snapshots/2026-03-01/short_term",
];

on_both_engines! {
async fn limits_are_from_1_to_100(app: TestApp) {
    for path in ["/api/tracks", "/api/snapshots", "/api/release-year-distribution"] {
        for limit in ["0", "101", "-1", "x", "1.5", ""] {
            app.get(&format!("{path}?limit={limit}")).await.problem(400, Some("limit"));
        }
        for limit in ["1", "100"] {
            app.json(&format!("{path}?limit={limit}")).await;
        }
    }
}
}

on_both_engines! {
async fn a_wrong_parameter_is_named(app: TestApp) {
    app.get("/api/tracks?explicit=yes").await.problem(400, Some("explicit"));
    app.get("/api/tracks?release_year=999").await.problem(400, Some("release_year"));
    app.get("/api/tracks?cursor=%21").await.problem(400, Some("cursor"));
    app.get(&format!("/api/tracks?q={}", "a".repeat(201))).await.problem(400, Some("q"));
    app.get(&format!("/api/tracks/{}", "a".repeat(65))).await.problem(400, Some("track_id"));
}
}

on_both_engines! {
async fn a_read_that_has_not_changed_is_304(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for path in READS.into_iter().chain(["/dashboard", "/openapi.yaml", "/openapi.json"]) {
        let first = app.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".into()] {
            let again = app.request(Method::GET, path, &[("if-none-match", &known)]).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {known}");
            assert_eq!(again.header("etag"), tag);
        }
        let other = app.request(Method::GET, path, &[("if-none-match", "\"x\"")]).await;
        assert_eq!((other.status, other.body), (200, first.body), "{path}");
    }
}
}

on_both_engines! {
async fn a_tag_changes_with_the_answer(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let before = app.get("/api/summary").await.header("etag").to_owned();

    app.put_list("2026-03-02", "short_term", ["b"]).await;

    let after = app.request(Method::GET, "/api/summary", &[("if-none-match", &before)]).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), before);
}
}

on_both_engines! {
async fn head_answers_as_get_without_a_body(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for path in READS.into_iter().chain(["/dashboard", "/docs", "/livez", "/readyz"]) {
        let (get, head) = (app.get(path).await, app.request(Method::HEAD, path, &[]).await);

        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        for name in ["content-type", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
    }
}
}

on_both_engines! {
async fn what_is_not_there_is_a_problem_under_api_and_a_page_elsewhere(app: TestApp) {
    for path in ["/api", "/api/", "/api/nothing", "/api/tracks/a/b/c"] {
        app.get(path).await.problem(404, None);
    }
    for path in ["/nothing", "/assets/abc/app.css", "/apis"] {
        let page = app.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
    }
}
}

on_both_engines! {
async fn a_method_that_is_not_there_is_405_and_says_which_are(app: TestApp) {
    for method in [Method::POST, Method::PATCH] {
        let answer = app.request(method, "/api/summary", &[]).await;

        answer.problem(405, None);
        assert!(answer.header("allow").contains("GET"), "{}", answer.header("allow"));
    }
}
}

on_both_engines! {
async fn a_write_on_an_open_address_is_refused(app: TestApp) {
    let open = app.another_server(&[("HOST", "0.0.0.0")]).await;
    let client = Client::new(&open.origin);

    let answer = client.put("/api/snapshots/2026-03-01/short_term", "{\"items\":[]}").await;

    let problem = answer.problem(403, None);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("HOST=127.0.0.1")));
}
}

on_both_engines! {
async fn the_program_is_alive_and_ready(app: TestApp) {
    assert_eq!(app.get("/livez").await.body, "alive\n");
    assert_eq!(app.get("/readyz").await.body, "ready\n");

    app.database.execute("DROP TABLE snapshots; DELETE FROM seaql_migrations").await;

    assert_eq!(app.get("/livez").await.status, 200);
    let unready = app.get("/readyz").await;
    assert_eq!(unready.status, 503);
    assert_eq!(unready.header("retry-after"), "1");
}
}

on_both_engines! {
async fn a_fault_of_ours_says_nothing_of_sql(app: TestApp) {
    app.database.execute("DROP TABLE snapshots").await;

    let answer = app.get("/api/snapshots").await;

    let problem = answer.problem(500, None).to_string();
    assert!(!problem.contains("snapshots\" "), "{problem}");
    assert!(!problem.to_lowercase().contains("select"), "{problem}");
    assert!(app.server.log().contains("snapshots"), "{}", app.server.log());
}
}

on_both_engines! {
async fn pages_name_no_outside_host_but_that_of_the_covers(app: TestApp) {
    for path in ["/dashboard", "/docs", "/nothing"] {
        let page = app.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}: {policy}");
        assert!(!policy.replace("https://i.scdn.co", "").contains("//"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
    let home = app.get("/").await;
    assert_eq!((home.status, home.header("location")), (303, "/dashboard"));
}
}

on_both_engines! {
async fn an_address_with_u_0000_is_the_callers_mistake(app: TestApp) {
    for path in ["/api/tracks/%00", "/api/tracks?q=%00", "/api/tracks?cursor=WyJcdTAwMDAiLCJhIl0"] {
        assert_eq!(app.get(path).await.status, 400, "{path}");
    }
}
}

on_both_engines! {
async fn a_write_under_a_foreign_name_is_refused(app: TestApp) {
    let list = "/api/snapshots/2026-03-01/short_term";
    let write = async |host| {
        let headers = [("host", host), ("content-type", "application/json")];
        app.send(Method::PUT, list, &headers, "{\"items\":[]}").await
    };

    let (foreign, own) = (write("evil.example").await, write("localhost:8080").await);

    foreign.problem(403, None);
    assert_eq!(own.status, 200, "{}", own.body);
}
}
