//! The failures of a request, distinguished by how to handle them.

use super::http::Response;
use reqwest::StatusCode;
use serde_json::Value;
use std::fmt;

/// The waits after a 429 that does not name one: the window of the provider's rate limit, and a part of the many hours
/// that a quota lasts.
const RATE_WAIT_SECONDS: u64 = 30;
const QUOTA_WAIT_SECONDS: u64 = 60 * 60;

/// The result of a request.
pub type Answer<T> = Result<T, Failure>;

/// `Display` is for the owner, and contains nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// 401: the access token is no longer valid. Refresh it once.
    #[error("Spotify no longer accepts the access token")]
    Unauthorized,
    /// 429: no request before this many seconds have passed. `is_quota` when the daily quota of the developer account is
    /// used up.
    #[error("Spotify asks to wait {seconds} seconds{}", quota(*.is_quota))]
    RateLimited { seconds: u64, is_quota: bool },
    /// Spotify refuses until the owner changes something.
    #[error("{0}")]
    Refused(Refusal),
    /// The refresh token or the code is no longer valid.
    #[error("Spotify no longer accepts the consent: connect again")]
    InvalidGrant,
    /// No answer, or one that is of no use. It may go away by itself.
    #[error("{0}")]
    Outage(String),
}

/// Why Spotify refuses. `Display` is for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Premium,
    UserNotListed,
    Scope,
    /// The client id or secret.
    Client,
    /// Spotify's own words.
    Other(String),
}

fn quota(is_quota: bool) -> &'static str {
    match is_quota {
        true => ": the quota of the developer account is used up",
        false => "",
    }
}

impl Failure {
    pub fn outage(reason: impl Into<String>) -> Self {
        Self::Outage(reason.into())
    }

    /// Of an answer of the Web API that is not a 2xx.
    pub(super) fn of_api(response: &Response) -> Self {
        match response.status {
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::TOO_MANY_REQUESTS => Self::rate_limited(response),
            StatusCode::FORBIDDEN => Self::Refused(Refusal::of_text(&message(&response.body))),
            _ => Self::of_status(response.status),
        }
    }

    /// Of an answer of the token endpoint that is not a 2xx.
    pub(super) fn of_accounts(response: &Response) -> Self {
        let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
        let error = body["error"].as_str().unwrap_or_default();
        match (response.status, error) {
            (StatusCode::TOO_MANY_REQUESTS, _) => Self::rate_limited(response),
            (status, _) if status.is_server_error() => Self::of_status(status),
            (_, "invalid_grant") => Self::InvalidGrant,
            (_, "invalid_client") => Self::Refused(Refusal::Client),
            (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _)
                if !error.is_empty() =>
            {
                let description = body["error_description"].as_str().unwrap_or(error);
                Self::Refused(Refusal::Other(short(description)))
            }
            (status, _) => Self::of_status(status),
        }
    }

    fn rate_limited(response: &Response) -> Self {
        let is_quota = response.body.contains("QUOTA_EXCEEDED");
        let usual = match is_quota {
            true => QUOTA_WAIT_SECONDS,
            false => RATE_WAIT_SECONDS,
        };
        Self::RateLimited {
            seconds: response.retry_after_seconds.unwrap_or(usual),
            is_quota,
        }
    }

    fn of_status(status: StatusCode) -> Self {
        Self::Outage(format!("Spotify answered {}", status.as_u16()))
    }
}

impl Refusal {
    /// What is stored: a word, or Spotify's own words.
    pub fn word(&self) -> &str {
        match self {
            Self::Premium => "premium",
            Self::UserNotListed => "user_not_listed",
            Self::Scope => "scope",
            Self::Client => "client",
            Self::Other(text) => text,
        }
    }

    /// The inverse of [`Refusal::word`].
    pub fn of_word(word: &str) -> Self {
        match word {
            "premium" => Self::Premium,
            "user_not_listed" => Self::UserNotListed,
            "scope" => Self::Scope,
            "client" => Self::Client,
            text => Self::Other(text.to_owned()),
        }
    }

    /// Spotify's words differ over time.
    fn of_text(text: &str) -> Self {
        let lower = text.to_lowercase();
        if lower.contains("premium") {
            Self::Premium
        } else if lower.contains("not registered") {
            Self::UserNotListed
        } else if lower.contains("scope") {
            Self::Scope
        } else {
            Self::Other(short(text))
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Premium => formatter.write_str(
                "Spotify refuses because the owner of the app has no Premium subscription; after subscribing it can take \
                 a few hours",
            ),
            Self::UserNotListed => formatter.write_str(
                "Spotify refuses because this account is not on the app's list of users: add it under User Management \
                 in the developer dashboard",
            ),
            Self::Scope => formatter.write_str(
                "Spotify refuses because the permission to read your top lists is missing: connect again and agree to it",
            ),
            Self::Client => formatter.write_str(
                "Spotify does not know this client id, or its secret is wrong: compare it with the developer dashboard",
            ),
            Self::Other(text) if text.is_empty() => formatter.write_str("Spotify refuses without a reason"),
            Self::Other(text) => write!(formatter, "Spotify refuses: {text}"),
        }
    }
}

/// The message of a JSON error, or a bare text as it is.
fn message(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    match json["error"]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => body.to_owned(),
    }
}

/// One line of at most 200 characters.
fn short(text: &str) -> String {
    let words: Vec<_> = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(200).collect()
}
