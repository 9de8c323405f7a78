//! What went wrong, as clients see it: RFC 9457 under `/api`, a page elsewhere. The cause goes to
//! the log, here and only here.

use crate::error::Error;
use crate::web::error_page::error_page;
use futures_util::FutureExt;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::middleware::ReqId;
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::Object;
use poem_openapi::error::{ParseParamError, ParsePathError};
use poem_openapi::types::ToJSON;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Seconds after which asking again makes sense.
const RETRY_AFTER: &str = "1";

/// A problem as RFC 9457 describes it.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Problem {
    /// Always `about:blank`: the status says which kind of problem it is.
    #[oai(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, and what to do about it.
    pub detail: String,
    /// The parameter or field at fault.
    pub field: Option<String>,
    /// Name it when you report the problem: the log has the cause under it.
    pub request_id: String,
}

impl From<Error> for poem::Error {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Invalid { .. } => StatusCode::BAD_REQUEST,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(error, status)
    }
}

/// Ends every request in an answer, a failed one in a problem.
pub async fn answer<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let asked = Asked {
        path: request.uri().path().into(),
        request_id: request
            .data::<ReqId>()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    // A panic ends one request, not the program. Its message is in the log already.
    let outcome = AssertUnwindSafe(endpoint.call(request))
        .catch_unwind()
        .await;
    let panicked = |_| Err(StatusCode::INTERNAL_SERVER_ERROR.into());
    Ok(match outcome.unwrap_or_else(panicked) {
        Ok(response) => response.into_response(),
        Err(error) => asked.problem(error),
    })
}

/// No text in the library has U+0000, and PostgreSQL cannot even be asked for it.
pub async fn refuse_nul<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().contains("%00")) {
        return Err(Error::invalid("U+0000", "cannot be part of an address").into());
    }
    endpoint
        .call(request)
        .await
        .map(IntoResponse::into_response)
}

/// A wildcard address is open to strangers, and nobody can sign in yet.
pub async fn refuse_writes<E: Endpoint>(
    endpoint: Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return endpoint
            .call(request)
            .await
            .map(IntoResponse::into_response);
    }
    let reason = "this address can be reached by others, and signing in is not built yet: no \
                  write is accepted on it; listen on HOST=127.0.0.1, or use the import command";
    Err(poem::Error::from_string(reason, StatusCode::FORBIDDEN))
}

struct Asked {
    path: String,
    request_id: String,
}

impl Asked {
    fn problem(self, error: poem::Error) -> Response {
        let problem = self.describe(&error);
        let status = error.status();
        let json = self.path == "/api" || self.path.starts_with("/api/");
        let mut response = match json {
            true => problem
                .to_json_string()
                .with_content_type("application/problem+json")
                .into_response(),
            false => error_page(
                status.as_u16(),
                &problem.title,
                &problem.detail,
                &problem.request_id,
            )
            .into_response(),
        };
        response.set_status(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let soon = HeaderValue::from_static(RETRY_AFTER);
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let reads = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(header::ALLOW, reads);
        }
        response
    }

    fn describe(self: &Asked, error: &poem::Error) -> Problem {
        let status = error.status();
        let (field, detail) = self.cause(error);
        Problem {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Problem").into(),
            status: status.as_u16(),
            detail,
            field,
            request_id: self.request_id.clone(),
        }
    }

    /// The field at fault and what to tell the caller; of our own faults only that they are ours.
    fn cause(&self, error: &poem::Error) -> (Option<String>, String) {
        if let Some(ParseParamError { name, reason }) = error.downcast_ref() {
            return at_fault(name, reason);
        }
        if let Some(ParsePathError { name, reason }) = error.downcast_ref() {
            return at_fault(path_parameter(&self.path, name), reason);
        }
        if let Some(known) = error.downcast_ref::<Error>() {
            let field = match known {
                Error::Invalid { field, .. } => Some(field.clone()),
                _ => None,
            };
            if let Error::Unavailable(cause) | Error::Database(cause) = known {
                tracing::error!(path = self.path, %cause, "{known}");
            }
            return match known {
                Error::Unavailable(_) => (field, away().into()),
                Error::Database(_) => (field, ours().into()),
                Error::NotFound(_) | Error::Invalid { .. } => (field, known.to_string()),
            };
        }
        let detail = match error.status() {
            StatusCode::NOT_FOUND => format!("There is nothing at {}.", self.path),
            StatusCode::METHOD_NOT_ALLOWED => format!("{} can only be read.", self.path),
            status if status.is_server_error() => {
                tracing::error!(path = self.path, cause = %error, "a request failed");
                ours().into()
            }
            _ => error.to_string(),
        };
        (None, detail)
    }
}

fn at_fault(field: &str, reason: &str) -> (Option<String>, String) {
    (Some(field.into()), format!("{field}: {}", plain(reason)))
}

/// poem-openapi tells a parameter's place in the path, clients know its name.
fn path_parameter<'a>(path: &str, place: &'a str) -> &'a str {
    let resource = path.split('/').nth(2).unwrap_or_default();
    match (resource, place) {
        ("snapshots", "param0") => "snapshot_date",
        ("snapshots", "param1") => "time_range",
        ("tracks", "param0") => "track_id",
        (_, name) => name,
    }
}

/// A validator's or parser's reason in words for its reader.
fn plain(reason: &str) -> String {
    if let Some(rule) = reason.strip_prefix("verification failed. ") {
        let bound: String = rule.chars().filter(char::is_ascii_digit).collect();
        return match rule.split('(').next() {
            Some("minimum") => format!("must be at least {bound}"),
            Some("maximum") => format!("must be at most {bound}"),
            Some("minLength") => format!("must have at least {bound} characters"),
            Some("maxLength") => format!("must have at most {bound} characters"),
            _ => rule.into(),
        };
    }
    let parsed = reason
        .strip_prefix("failed to parse \"")
        .and_then(|rest| rest.split_once("\": "));
    match parsed {
        Some((kind, _)) if kind.starts_with("integer") => "a whole number was expected".into(),
        Some((_, reason)) => reason.into(),
        None if reason.starts_with("Expect a valid enumeration value") => {
            "is none of the values that the document names for it".into()
        }
        None => reason.into(),
    }
}

fn away() -> &'static str {
    "The database is not answering. Nothing is lost: lists already kept are safe. Try again in a \
     moment."
}

fn ours() -> &'static str {
    "Something went wrong on our side. The log has the cause under this request id."
}
