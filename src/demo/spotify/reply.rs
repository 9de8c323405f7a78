//! An answer on its way out: the work of a request, or the fault that is scripted for it.

use super::faults::{Call, Fault};
use super::state::{Received, Shared, State};
use futures_util::stream;
use poem::http::{StatusCode, header};
use poem::{Body, Response};
use std::io;
use std::time::Duration;
use tokio::time::sleep;

/// Between two looks whether the faults are ended.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A status and a JSON body.
pub struct Reply(pub StatusCode, pub String);

impl Reply {
    pub fn ok(body: impl ToString) -> Self {
        Self(StatusCode::OK, body.to_string())
    }
}

/// Logs the request and answers it. `work` gets the faults that change a list.
pub async fn answer(
    shared: &Shared,
    call: Call,
    offset: usize,
    work: impl FnOnce(&mut State, Option<&Fault>) -> Reply,
) -> Response {
    let (number, fault) = arrived(&mut shared.lock(), call, offset);
    if fault == Some(Fault::Held) {
        while !shared.lock().faults.is_empty() {
            sleep(POLL_INTERVAL).await;
        }
    }
    let response = respond(&mut shared.lock(), fault, work);
    match response {
        Some(response) => {
            shared.lock().received[number].status = response.status().as_u16();
            response
        }
        None => std::future::pending().await,
    }
}

/// Logs a request. Returns its number, and its fault.
fn arrived(state: &mut State, call: Call, offset: usize) -> (usize, Option<Fault>) {
    let at = state.now();
    state.received.push(Received {
        at,
        call,
        offset,
        status: 0,
    });
    (state.received.len() - 1, state.faults.take(call, at))
}

/// `None`: never.
fn respond(
    state: &mut State,
    fault: Option<Fault>,
    work: impl FnOnce(&mut State, Option<&Fault>) -> Reply,
) -> Option<Response> {
    Some(match fault {
        Some(Fault::Silence) => return None,
        Some(Fault::Unanswered) => {
            work(state, None);
            return None;
        }
        Some(Fault::Status {
            status,
            retry_after,
            body,
        }) => refusal(status, retry_after, body),
        Some(Fault::NotJson) => json(Reply::ok("<html>OK</html>")),
        Some(Fault::Redirect) => Response::builder()
            .status(StatusCode::FOUND)
            .header(header::LOCATION, "https://example.org/")
            .finish(),
        Some(Fault::BrokenOff) => broken_off(work(state, None)),
        Some(Fault::Held) | None => json(work(state, None)),
        list_fault => json(work(state, list_fault.as_ref())),
    })
}

fn json(Reply(status, body): Reply) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(body)
}

fn refusal(status: u16, retry_after: Option<u64>, body: String) -> Response {
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).expect("a scripted status is valid"))
        .content_type(match body.starts_with('{') {
            true => "application/json",
            false => "text/html",
        });
    if let Some(seconds) = retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    response.body(body)
}

fn broken_off(Reply(status, body): Reply) -> Response {
    let half = body.as_bytes()[..body.len() / 2].to_vec();
    let parts = stream::iter([io::Result::Ok(half)]);
    Response::builder()
        .status(status)
        .content_type("application/json")
        .header(header::CONTENT_LENGTH, body.len())
        .body(Body::from_bytes_stream(parts))
}
