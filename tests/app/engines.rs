//! Both engines give the same responses, byte for byte.

use crate::harness::{Engine, TestApp, page, payload};
use serde_json::json;

/// Lists, undated tracks and odd values, imported twice. The only times in the responses are
/// `payload_at`, which come from the paths.
async fn library(engine: Engine) -> TestApp {
    let app = TestApp::start(engine).await;
    let names = [
        "Élan",
        "elan",
        "Straße",
        "strasse",
        "海",
        "",
        "🎵 Song",
        "Z",
        "a b",
        "ΌΔΟΣ",
    ];
    for day in 1..=9_usize {
        let track = |rank: usize| {
            let number = (day * 3 + rank * 7) % 40;
            let dates = [
                "1959",
                "1999-05-04",
                "2001-12",
                "",
                "0000",
                "n/a",
                "2026-01-01",
            ];
            payload(&format!("t{number:02}"))
                .named(names[number % names.len()])
                .released(dates[(number + day) % dates.len()])
                .with("popularity", (number * day) as f64 / 7.0)
                .with(
                    "explicit",
                    [json!(true), json!(false), json!(null), json!("yes")][number % 4].clone(),
                )
        };
        let listed = (0..30).map(track);
        for range in ["short_term", "long_term"] {
            app.write(
                &format!("in/2026-03-{day:02}T10203{day}Z.{range}.json"),
                page(listed.clone()),
            );
        }
    }
    let undated = [
        payload("x").without("album"),
        payload("y").with("album", json!([])),
        payload("t01").named("?"),
    ];
    app.write("in/undated.json", json!(undated));
    app.import(["in"]).await;
    app.import(["in"]).await;
    app
}

fn reads() -> Vec<String> {
    let mut reads: Vec<String> = [
        "/api/summary",
        "/api/release-decade-distribution",
        "/api/release-year-distribution?limit=3",
        "/api/explicit-distribution",
        "/api/tracks?limit=100",
        "/api/tracks?limit=5",
        "/api/tracks?q=EL",
        "/api/tracks?q=stras",
        "/api/tracks?explicit=unknown&limit=7",
        "/api/tracks?release_year=1999",
        "/api/snapshots?limit=4",
        "/api/snapshots?time_range=long_term",
        "/api/snapshots?from=2026-03-03&to=2026-03-04",
        "/dashboard",
        "/docs",
        "/openapi.yaml",
        "/openapi.json",
        "/livez",
        "/readyz",
    ]
    .map(Into::into)
    .into();
    reads.extend((0..40).map(|number| format!("/api/tracks/t{number:02}")));
    reads.extend((0..40).map(|number| format!("/api/tracks/t{number:02}/history")));
    reads.extend((1..=9).map(|day| format!("/api/snapshots/2026-03-{day:02}/short_term")));
    reads.extend(["/api/tracks/x", "/api/tracks/y"].map(Into::into));
    reads.extend(time_machine_reads());
    reads
}

/// Every question of the time machine as JSON, as CSV and as a page.
fn time_machine_reads() -> Vec<String> {
    let mut reads: Vec<String> = [
        "/api/calendar?time_range=long_term&from=2026-02-27&to=2026-03-20",
        "/api/calendar?from=2026-02-27&to=2026-03-20&format=csv",
        "/api/snapshots/2026-03-01/short_term/changes",
        "/api/snapshots/2026-03-05/short_term/changes",
        "/api/snapshots/2026-03-09/long_term/changes?since=2026-03-02",
        "/api/snapshots/2026-03-09/long_term/changes?since=2026-03-02&format=csv&table=left",
        "/api/on-this-day?date=2027-03-11&time_range=long_term",
        "/api/on-this-day?date=2029-03-04&format=csv",
        "/api/search?q=",
        "/api/search?q=el",
        "/api/search?q=STRAS",
        "/api/search?q=%E6%B5%B7",
        "/api/search?q=artist&limit=3",
        "/api/search?q=name%20of&format=csv&table=albums",
        "/api/evolution",
        "/api/evolution?time_range=long_term&period=all&as_of=2026-03-07",
        "/api/evolution?as_of=2026-03-08&format=csv&table=drift",
        "/api/forgotten-gems?as_of=2026-07-20",
        "/api/recent-discoveries?as_of=2026-03-06",
        "/api/current-rotation?time_range=long_term&as_of=2026-03-06&format=csv",
        "/lists?year=2026",
        "/lists?year=2026&attempts=all",
        "/lists/2026-03-01/short_term",
        "/lists/2026-03-07/long_term",
        "/changes/short_term/2026-03-02/2026-03-09",
        "/search",
        "/search?q=el",
        "/search?q=nowhere",
        "/evolution",
        "/evolution?time_range=medium_term",
        "/evolution?time_range=long_term&period=all&as_of=2026-03-07",
        "/gems?as_of=2026-07-20",
        "/gems/discoveries?as_of=2026-03-06",
        "/gems/rotation?as_of=2026-03-06",
    ]
    .map(Into::into)
    .into();
    for number in 0..40 {
        reads.push(format!("/tracks/t{number:02}"));
        reads.push(format!("/artists/artist-t{number:02}"));
        reads.push(format!("/api/artists/artist-t{number:02}"));
        reads.push(format!("/api/artists/artist-t{number:02}?format=csv"));
    }
    reads
}

#[tokio::test]
async fn both_engines_give_the_same_response_to_every_read() {
    let (sqlite, postgres) = (
        library(Engine::Sqlite).await,
        library(Engine::Postgres).await,
    );

    let mut reads = reads();
    while let Some(path) = reads.pop() {
        let (from_sqlite, from_postgres) = (sqlite.get(&path).await, postgres.get(&path).await);

        assert_eq!(from_sqlite.status, 200, "{path}: {}", from_sqlite.body);
        assert_eq!(from_sqlite.body, from_postgres.body, "{path}");
        assert_eq!(
            from_sqlite.header("etag"),
            from_postgres.header("etag"),
            "{path}"
        );
        let cursor = (path.contains("limit=") && !path.contains("search"))
            .then(|| from_sqlite.json()["next_cursor"].take());
        if let Some(cursor) = cursor.as_ref().and_then(|cursor| cursor.as_str()) {
            let start = path
                .split("&cursor=")
                .next()
                .expect("split has a first part");
            reads.push(format!("{start}&cursor={cursor}"));
        }
    }
}

#[tokio::test]
async fn both_engines_give_the_same_problems() {
    let apps = [
        TestApp::start(Engine::Sqlite).await,
        TestApp::start(Engine::Postgres).await,
    ];

    for path in [
        "/api/tracks/missing",
        "/api/snapshots/2026-03-01/short_term",
        "/api/tracks?limit=0",
        "/api/x",
    ] {
        let mut problems = Vec::new();
        for app in &apps {
            let mut problem = app.get(path).await.json();
            problem["request_id"].take();
            problems.push(problem);
        }
        assert_eq!(problems[0], problems[1], "{path}");
    }
}
