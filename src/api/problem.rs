//! Problems as RFC 9457 describes them, and the HTTP status of each error.

use crate::error::Error;
use crate::payload::Refusal;
use poem::http::StatusCode;
use poem_openapi::Object;

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
    /// A description of the problem, and the next step.
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
            Error::NoProof(_) => StatusCode::UNAUTHORIZED,
            Error::NotAllowed(_) => StatusCode::FORBIDDEN,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Busy(_) | Error::Later { .. } | Error::Unavailable(_) | Error::Full(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Error::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(error, status)
    }
}

/// A refused body as an error. If the whole body is at fault, the field is `body`.
pub fn invalid(refusal: Refusal) -> Error {
    let field = match refusal.path.as_str() {
        "" => "body",
        path => path,
    };
    Error::invalid(field, refusal.reason)
}

/// The reason of a validator or parser of poem-openapi, in words for the caller.
pub fn in_plain_words(reason: &str) -> String {
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
