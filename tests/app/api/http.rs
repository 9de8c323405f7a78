//! Rules for all responses.

use crate::harness::{Engine, TestApp, on_both_engines};
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
async fn an_invalid_parameter_is_400_with_its_name(app: TestApp) {
    app.get("/api/tracks?explicit=yes").await.problem(400, Some("explicit"));
    app.get("/api/tracks?release_year=999").await.problem(400, Some("release_year"));
    app.get("/api/tracks?cursor=%21").await.problem(400, Some("cursor"));
    app.get(&format!("/api/tracks?q={}", "a".repeat(201))).await.problem(400, Some("q"));
    app.get(&format!("/api/tracks/{}", "a".repeat(65))).await.problem(400, Some("track_id"));
}
}

on_both_engines! {
async fn a_conditional_get_of_an_unchanged_response_is_304(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    for path in READS.into_iter().chain(["/dashboard", "/openapi.yaml", "/openapi.json"]) {
        let first = app.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".into()] {
            let again = app.request(Method::GET, path, &[("if-none-match", &tags)]).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {tags}");
            assert_eq!(again.header("etag"), tag);
        }
        let other = app.request(Method::GET, path, &[("if-none-match", "\"x\"")]).await;
        assert_eq!((other.status, other.body), (200, first.body), "{path}");
    }
}
}

on_both_engines! {
async fn the_etag_changes_with_the_response(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;
    let before = app.get("/api/summary").await.header("etag").to_owned();

    app.put_list("2026-03-02", "short_term", ["b"]).await;

    let after = app.request(Method::GET, "/api/summary", &[("if-none-match", &before)]).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), before);
}
}

on_both_engines! {
async fn head_has_the_headers_of_get_and_no_body(app: TestApp) {
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
async fn an_unknown_path_is_a_problem_under_api_and_a_page_elsewhere(app: TestApp) {
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
async fn an_unsupported_method_is_405_with_allow(app: TestApp) {
    for method in [Method::POST, Method::PATCH] {
        let response = app.request(method, "/api/summary", &[]).await;

        response.problem(405, None);
        assert!(response.header("allow").contains("GET"), "{}", response.header("allow"));
    }
}
}

on_both_engines! {
async fn without_a_schema_the_program_is_alive_but_not_ready(app: TestApp) {
    assert_eq!(app.get("/livez").await.body, "alive\n");
    assert_eq!(app.get("/readyz").await.body, "ready\n");

    app.database.execute("DROP TABLE snapshots; DELETE FROM music_time_machine_migrations").await;

    assert_eq!(app.get("/livez").await.status, 200);
    let unready = app.get("/readyz").await;
    assert_eq!(unready.status, 503);
    assert_eq!(unready.header("retry-after"), "1");
}
}

on_both_engines! {
async fn an_internal_error_is_logged_but_shows_no_sql(app: TestApp) {
    app.database.execute("DROP TABLE snapshots").await;

    let response = app.get("/api/snapshots").await;

    let problem = response.problem(500, None).to_string();
    assert!(!problem.contains("snapshots\" "), "{problem}");
    assert!(!problem.to_lowercase().contains("select"), "{problem}");
    assert!(app.server.log().contains("snapshots"), "{}", app.server.log());
}
}

on_both_engines! {
async fn the_content_security_policy_allows_no_other_host_but_that_of_the_covers(app: TestApp) {
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
async fn u_0000_in_a_url_is_400(app: TestApp) {
    for path in ["/api/tracks/%00", "/api/tracks?q=%00", "/api/tracks?cursor=WyJcdTAwMDAiLCJhIl0"] {
        assert_eq!(app.get(path).await.status, 400, "{path}");
    }
}
}
