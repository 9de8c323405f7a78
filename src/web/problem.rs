//! What went wrong, as clients see it: RFC 9457 under `/api`, a page elsewhere. The cause goes to
//! the log, here and only here.

use super::limits;
use super::operations::{OPERATIONS, Path};
use crate::error::Error;
use crate::web::error_page::error_page;
use futures_util::FutureExt;
use poem::http::uri::Authority;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::middleware::ReqId;
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::Object;
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError};
use poem_openapi::types::ToJSON;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Seconds after which asking again makes sense.
const RETRY_AFTER: &str = "1";

const AWAY: &str = "The database is not answering. Nothing is lost: what was acknowledged is safe. \
    Try again in a moment.";
const FULL: &str = "The database has no room left, so nothing was changed; reading goes on. Make \
    room on its disk, then try again.";
const OURS: &str = "Something went wrong on our side. The log has the cause under this request id.";

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
            Error::Busy(_) | Error::Unavailable(_) | Error::Full(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
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

/// An open address is open to strangers, and nobody can sign in yet. On a local one a page of
/// another site may write neither, which has had its own name point here.
pub async fn refuse_writes<E: Endpoint>(
    endpoint: Arc<E>,
    mut request: Request,
    open: bool,
) -> poem::Result<Response> {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if reads || (!open && is_local(request.header(header::HOST))) {
        return endpoint
            .call(request)
            .await
            .map(IntoResponse::into_response);
    }
    limits::forget(&mut request).await;
    let reason = match open {
        true => {
            "this address can be reached by others, and signing in is not built yet: no write is \
             accepted on it; listen on HOST=127.0.0.1, or use the import command"
        }
        false => {
            "signing in is not built yet: a write is accepted only from this machine, under its \
             own name, localhost or 127.0.0.1"
        }
    };
    Err(poem::Error::from_string(reason, StatusCode::FORBIDDEN))
}

/// A name that anyone can have has a dot; an address and a name of this machine's own are no one
/// else's.
fn is_local(host: Option<&str>) -> bool {
    let authority: Option<Authority> = host.and_then(|host| host.parse().ok());
    authority.is_none_or(|authority| {
        let name = authority.host().trim_matches(['[', ']']);
        !name.contains('.') || name.parse::<IpAddr>().is_ok()
    })
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
            let allow = HeaderValue::try_from(allow(&self.path)).expect("methods are ASCII");
            response.headers_mut().insert(header::ALLOW, allow);
        }
        // The rest of the body may be on its way still.
        if matches!(status.as_u16(), 408 | 413) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
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
            if let Error::Unavailable(cause) | Error::Full(cause) | Error::Database(cause) = known {
                tracing::error!(path = self.path, %cause, "{known}");
            }
            let detail = match known {
                Error::Unavailable(_) => AWAY.into(),
                Error::Full(_) => FULL.into(),
                Error::Database(_) => OURS.into(),
                Error::NotFound(_) | Error::Invalid { .. } | Error::Busy(_) => known.to_string(),
            };
            return (field, detail);
        }
        if error.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE && !error.is_from_response() {
            return media_type(error);
        }
        let detail = match error.status() {
            StatusCode::NOT_FOUND => format!("There is nothing at {}.", self.path),
            StatusCode::METHOD_NOT_ALLOWED => format!("{} takes {}.", self.path, allow(&self.path)),
            status if status.is_server_error() => {
                tracing::error!(path = self.path, cause = %error, "a request failed");
                OURS.into()
            }
            _ => error.to_string(),
        };
        (None, detail)
    }
}

fn at_fault(field: &str, reason: &str) -> (Option<String>, String) {
    (Some(field.into()), format!("{field}: {}", plain(reason)))
}

/// poem-openapi tells a parameter's place in the path as `param0`, clients know its name.
fn path_parameter<'a>(path: &str, place: &'a str) -> &'a str {
    let place_number = place
        .strip_prefix("param")
        .and_then(|number| number.parse().ok());
    let name = OPERATIONS
        .find(path)
        .zip(place_number)
        .and_then(|(path, number): (_, usize)| path.parameters().nth(number));
    name.unwrap_or(place)
}

/// The methods that an address takes: pages are only read.
fn allow(path: &str) -> String {
    OPERATIONS
        .find(path)
        .map_or_else(|| "GET, HEAD".into(), Path::allow)
}

/// The framework names the type that it got; the caller must know the one to send.
fn media_type(error: &poem::Error) -> (Option<String>, String) {
    match error.is::<ContentTypeError>() {
        true => at_fault("Content-Type", "application/json is expected"),
        false => at_fault("Content-Encoding", &error.to_string()),
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
