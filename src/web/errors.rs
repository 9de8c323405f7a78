//! Errors as responses: a problem under `/api`, a page elsewhere. The cause is logged here, and only here.

use super::operations::{Operations, Path};
use crate::api::problem::{Problem, in_plain_words};
use crate::clock::Clock;
use crate::error::Error;
use crate::html::error_page;
use crate::html::layout::Layout;
use futures_util::FutureExt;
use poem::http::{HeaderValue, StatusCode, header};
use poem::middleware::ReqId;
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError};
use poem_openapi::types::ToJSON;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// In seconds.
const RETRY_AFTER: u64 = 1;

const UNAVAILABLE: &str = "The database is not answering. Nothing is lost: acknowledged writes are safe. \
    Try again in a moment.";
const FULL: &str = "The database has no room left, so nothing was changed; reading goes on. Make \
    room on its disk, then try again.";
const INTERNAL: &str =
    "Something went wrong on our side. The log has the cause under this request id.";

/// Turns errors and panics into responses.
#[derive(Clone)]
pub struct Errors {
    pub operations: Operations,
    pub layout: Layout,
    pub clock: Clock,
}

impl Errors {
    pub async fn apply<E: Endpoint>(
        self,
        endpoint: Arc<E>,
        request: Request,
    ) -> poem::Result<Response> {
        let path = request.uri().path().to_owned();
        let request_id = request.data::<ReqId>().map(ToString::to_string);
        // A panic ends one request, not the program. The panic hook has logged its message.
        let outcome = AssertUnwindSafe(endpoint.call(request))
            .catch_unwind()
            .await;
        let panicked = |_| Err(StatusCode::INTERNAL_SERVER_ERROR.into());
        Ok(match outcome.unwrap_or_else(panicked) {
            Ok(response) => response.into_response(),
            Err(error) => Failed {
                path,
                request_id: request_id.unwrap_or_default(),
                errors: self,
            }
            .respond(&error),
        })
    }
}

/// A request that failed.
struct Failed {
    path: String,
    request_id: String,
    errors: Errors,
}

impl Failed {
    fn respond(&self, error: &poem::Error) -> Response {
        let problem = self.problem(error);
        let status = error.status();
        let is_api = self.path == "/api" || self.path.starts_with("/api/");
        let mut response = match is_api {
            true => problem
                .to_json_string()
                .with_content_type("application/problem+json")
                .into_response(),
            false => error_page(
                &self.errors.layout,
                status.as_u16(),
                (&problem.title, &problem.detail),
                (self.errors.clock.now(), &self.request_id),
            )
            .into_response(),
        };
        response.set_status(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = match error.downcast_ref() {
                Some(Error::Later { seconds, .. }) => *seconds,
                _ => RETRY_AFTER,
            };
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let allow = HeaderValue::try_from(self.allow()).expect("methods are ASCII");
            response.headers_mut().insert(header::ALLOW, allow);
        }
        // The client may still be sending the body.
        if matches!(status.as_u16(), 408 | 413) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }

    fn problem(&self, error: &poem::Error) -> Problem {
        let status = error.status();
        let (field, detail) = self.field_and_detail(error);
        Problem {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Problem").into(),
            status: status.as_u16(),
            detail,
            field,
            request_id: self.request_id.clone(),
        }
    }

    /// The field at fault, and a text for the caller. Causes of server errors are logged, and not shown.
    fn field_and_detail(&self, error: &poem::Error) -> (Option<String>, String) {
        if let Some(ParseParamError { name, reason }) = error.downcast_ref() {
            return at_fault(name, reason);
        }
        if let Some(ParsePathError { name, reason }) = error.downcast_ref() {
            return at_fault(&self.path_parameter(name), reason);
        }
        if let Some(error) = error.downcast_ref::<Error>() {
            self.log(error);
            let field = match error {
                Error::Invalid { field, .. } => Some(field.clone()),
                _ => None,
            };
            let detail = match error {
                Error::Unavailable(_) => UNAVAILABLE.into(),
                Error::Full(_) => FULL.into(),
                Error::Database(_) => INTERNAL.into(),
                Error::NotFound(_)
                | Error::Invalid { .. }
                | Error::NoProof(_)
                | Error::NotAllowed(_)
                | Error::Conflict(_)
                | Error::Later { .. }
                | Error::Busy(_) => error.to_string(),
            };
            return (field, detail);
        }
        if error.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE && !error.is_from_response() {
            return media_type(error);
        }
        let path = &self.path;
        let detail = match error.status() {
            StatusCode::NOT_FOUND => format!("There is nothing at {path}."),
            StatusCode::METHOD_NOT_ALLOWED => format!("{path} takes {}.", self.allow()),
            status if status.is_server_error() => {
                tracing::error!(path, cause = %error, "a request failed");
                INTERNAL.into()
            }
            _ => error.to_string(),
        };
        (None, detail)
    }

    fn log(&self, error: &Error) {
        let path = &self.path;
        match error {
            Error::NotFound(_)
            | Error::Invalid { .. }
            | Error::NoProof(_)
            | Error::NotAllowed(_)
            | Error::Conflict(_)
            | Error::Later { .. } => {}
            Error::Busy(reason) => {
                tracing::warn!(path, cause = reason, "a request was refused");
            }
            Error::Unavailable(cause) => tracing::warn!(path, %cause, "{error}"),
            Error::Full(cause) | Error::Database(cause) => {
                tracing::error!(path, %cause, "{error}");
            }
        }
    }

    /// poem-openapi calls the parameters of a path `param0`, `param1`, ….
    fn path_parameter(&self, name: &str) -> String {
        let number = name
            .strip_prefix("param")
            .and_then(|number| number.parse().ok());
        let known = self
            .errors
            .operations
            .find(&self.path)
            .zip(number)
            .and_then(|(path, number): (_, usize)| path.parameters().nth(number));
        known.unwrap_or(name).into()
    }

    /// The methods of the path. Pages are read only.
    fn allow(&self) -> String {
        let path = self.errors.operations.find(&self.path);
        path.map_or_else(|| "GET, HEAD".into(), Path::allow)
    }
}

fn at_fault(field: &str, reason: &str) -> (Option<String>, String) {
    (
        Some(field.into()),
        format!("{field}: {}", in_plain_words(reason)),
    )
}

/// The error of poem-openapi names the type it got. The caller needs the expected one.
fn media_type(error: &poem::Error) -> (Option<String>, String) {
    match error.is::<ContentTypeError>() {
        true => at_fault("Content-Type", "application/json is expected"),
        false => at_fault("Content-Encoding", &error.to_string()),
    }
}
