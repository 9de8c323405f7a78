//! Random requests and files with errors. None may cause an internal error, and both engines must
//! respond in the same way.
//!
//! [`mutations`] changes valid JSON with [`values`], [`requests`] builds requests from it and from
//! [`pools`]. `CORPUS_SEED` selects another sequence.

mod files;
mod mutations;
mod pools;
mod requests;
mod values;

use crate::harness::{Engine, Response, TestApp, payload};
use futures_util::stream::{self, StreamExt};
use requests::Request;
use serde_json::{Value, json};

const REQUESTS: usize = 10_500;
const CONCURRENT: usize = 48;

fn seed() -> u64 {
    let seed = std::env::var("CORPUS_SEED").ok();
    seed.map_or(20_260_301, |seed| {
        seed.parse().expect("CORPUS_SEED is a number")
    })
}

/// The part of a response that must be the same on both engines.
#[derive(Debug, PartialEq)]
struct Verdict {
    status: u16,
    field: Option<String>,
    detail: Option<String>,
}

/// Checks one response.
fn verdict(response: &Response) -> Result<Verdict, String> {
    let verdict = |problem: Option<&Value>| {
        let text =
            |member: &str| problem.and_then(|problem| problem[member].as_str().map(Into::into));
        Verdict {
            status: response.status,
            field: text("field"),
            detail: text("detail"),
        }
    };
    if matches!(response.status, 200 | 204) {
        return Ok(verdict(None));
    }
    if !(400..500).contains(&response.status) {
        return Err("an unexpected status".into());
    }
    if response.header("content-type") != "application/problem+json" {
        return Err(format!(
            "the content type is {}",
            response.header("content-type")
        ));
    }
    let problem: Value = serde_json::from_str(&response.body).map_err(|cause| cause.to_string())?;
    let members = problem.as_object().ok_or("not an object")?;
    let known = ["type", "title", "status", "detail", "field", "request_id"];
    let is_text = |member: &str| {
        problem[member]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    };
    let missing = ["type", "title", "detail", "request_id"]
        .into_iter()
        .find(|member| !is_text(member));
    if let Some(missing) = missing {
        return Err(format!("no {missing}"));
    }
    if !members
        .keys()
        .all(|member| known.contains(&member.as_str()))
        || problem["status"] != response.status
    {
        return Err("unexpected members or status".into());
    }
    match response.status {
        400 if !problem["field"].is_string() => Err("no field".into()),
        _ => Ok(verdict(Some(&problem))),
    }
}

/// The app with the rows that the requests refer to. No request deletes them.
async fn library(engine: Engine) -> TestApp {
    let app = TestApp::start(engine).await;
    app.put_list("2026-03-01", "short_term", ["a", "b", "c"])
        .await;
    app.put_json(
        "/api/tracks/bare",
        json!({ "name": "Bare", "artist_name": "B" }),
    )
    .await;
    app
}

/// Sends all requests, many at the same time.
async fn send_all(app: &TestApp, seed: u64, requests: &[Request]) -> Vec<Verdict> {
    let responses =
        stream::iter(requests.iter().map(|request| send(app, request))).buffered(CONCURRENT);
    let verdicts = responses.enumerate().map(|(number, response)| {
        verdict(&response).unwrap_or_else(|cause| {
            let (engine, request) = (app.engine, &requests[number]);
            panic!(
                "{cause}: {} {}\nCORPUS_SEED={seed}, request {number} to {engine:?}: {request}",
                response.status, response.body
            )
        })
    });
    verdicts.collect().await
}

async fn send(app: &TestApp, request: &Request) -> Response {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    app.send(
        request.method.clone(),
        &request.path,
        &headers,
        request.body.clone(),
    )
    .await
}

#[tokio::test]
async fn ten_thousand_random_requests_cause_no_internal_error_and_no_difference() {
    let seed = seed();
    let apps = (
        library(Engine::Sqlite).await,
        library(Engine::Postgres).await,
    );
    let mut rng = fastrand::Rng::with_seed(seed);
    let requests: Vec<_> = (0..REQUESTS).map(|_| Request::random(&mut rng)).collect();

    let (sqlite, postgres) = tokio::join!(
        send_all(&apps.0, seed, &requests),
        send_all(&apps.1, seed, &requests)
    );

    for (number, (sqlite, postgres)) in sqlite.iter().zip(&postgres).enumerate() {
        assert_eq!(
            sqlite, postgres,
            "CORPUS_SEED={seed}, request {number}: {}",
            requests[number]
        );
    }
    let rejected = sqlite
        .iter()
        .filter(|verdict| verdict.status >= 400)
        .count();
    assert!(rejected * 3 > REQUESTS * 2, "only {rejected} were rejected");
    for app in [&apps.0, &apps.1] {
        let log = app.server.log();
        assert!(
            !log.contains("panicked") && !log.contains("ERROR"),
            "CORPUS_SEED={seed}: {log}"
        );
        let track = app.json("/api/tracks/c").await;
        assert_eq!(track["raw_json"], payload("c").0);
        assert_eq!(app.get("/dashboard").await.status, 200);
    }
}
