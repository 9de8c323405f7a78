//! Ten thousand requests and two thousand lines that nobody would send on purpose, the same to both
//! engines: none of them may be our fault, and both have to say the same.
//!
//! [`odd`] bends good JSON, [`requests`] makes requests of it and of [`pools`]. `CORPUS_SEED` starts another sequence.

mod files;
mod odd;
mod pools;
mod requests;

use crate::harness::{Engine, Response, TestApp, payload};
use futures_util::stream::{self, StreamExt};
use requests::Odd;
use serde_json::{Value, json};

const REQUESTS: usize = 10_500;
const AT_ONCE: usize = 48;

fn seed() -> u64 {
    let seed = std::env::var("CORPUS_SEED").ok();
    seed.map_or(20_260_301, |seed| {
        seed.parse().expect("CORPUS_SEED is a number")
    })
}

/// What both engines must agree on.
#[derive(Debug, PartialEq)]
struct Verdict {
    status: u16,
    field: Option<String>,
    detail: Option<String>,
}

/// Judges one answer by itself.
fn verdict(answer: &Response) -> Result<Verdict, String> {
    let verdict = |problem: Option<&Value>| {
        let text =
            |member: &str| problem.and_then(|problem| problem[member].as_str().map(Into::into));
        Verdict {
            status: answer.status,
            field: text("field"),
            detail: text("detail"),
        }
    };
    if matches!(answer.status, 200 | 204) {
        return Ok(verdict(None));
    }
    if !(400..500).contains(&answer.status) {
        return Err("this is our fault".into());
    }
    if answer.header("content-type") != "application/problem+json" {
        return Err(format!("its type is {}", answer.header("content-type")));
    }
    let problem: Value = serde_json::from_str(&answer.body).map_err(|cause| cause.to_string())?;
    let members = problem.as_object().ok_or("it is no object")?;
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
        return Err(format!("it has no {missing}"));
    }
    if !members
        .keys()
        .all(|member| known.contains(&member.as_str()))
        || problem["status"] != answer.status
    {
        return Err("it has another shape".into());
    }
    match answer.status {
        400 if !problem["field"].is_string() => Err("it names no field".into()),
        _ => Ok(verdict(Some(&problem))),
    }
}

/// What the odd requests ask for: it is there before them, and none of them takes it away.
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

/// Sends them all, many at once; the verdicts in their order.
async fn ask(app: &TestApp, seed: u64, requests: &[Odd]) -> Vec<Verdict> {
    let answers = stream::iter(requests.iter().map(|odd| send(app, odd))).buffered(AT_ONCE);
    let judged = answers.enumerate().map(|(number, answer)| {
        verdict(&answer).unwrap_or_else(|cause| {
            let (engine, odd) = (app.engine, &requests[number]);
            panic!(
                "{cause}: {} {}\nCORPUS_SEED={seed}, request {number} to {engine:?}: {odd}",
                answer.status, answer.body
            )
        })
    });
    judged.collect().await
}

async fn send(app: &TestApp, odd: &Odd) -> Response {
    let headers: Vec<_> = odd
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    app.send(odd.method.clone(), &odd.path, &headers, odd.body.clone())
        .await
}

#[tokio::test]
async fn ten_thousand_odd_requests_are_nobodys_fault_but_the_callers() {
    let seed = seed();
    let apps = (
        library(Engine::Sqlite).await,
        library(Engine::Postgres).await,
    );
    let mut chance = fastrand::Rng::with_seed(seed);
    let requests: Vec<_> = (0..REQUESTS).map(|_| Odd::request(&mut chance)).collect();

    let (ours, theirs) = tokio::join!(ask(&apps.0, seed, &requests), ask(&apps.1, seed, &requests));

    for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        assert_eq!(
            ours, theirs,
            "CORPUS_SEED={seed}, request {number}: {}",
            requests[number]
        );
    }
    let refused = ours.iter().filter(|verdict| verdict.status >= 400).count();
    assert!(
        refused * 3 > REQUESTS * 2,
        "only {refused} of them were refused"
    );
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
