//! Scripted faults: what the provider is known to answer now and then.

use chrono::{DateTime, Utc};
use entity::snapshot::TimeRange;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    ExchangeCode,
    Refresh,
    Account,
    TopTracks(TimeRange),
}

impl Call {
    pub const LISTS: [Self; 3] = [
        Self::TopTracks(TimeRange::ShortTerm),
        Self::TopTracks(TimeRange::MediumTerm),
        Self::TopTracks(TimeRange::LongTerm),
    ];
}

/// When a fault applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// To the next requests, this many.
    Next(u32),
    /// From the first instant on, until before the second, on the fake's clock.
    Between(DateTime<Utc>, DateTime<Utc>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another answer. A body that begins with `{` is JSON.
    Status {
        status: u16,
        retry_after: Option<u64>,
        body: String,
    },
    /// No answer ever.
    Silence,
    /// No answer ever. What was asked is done: a token is rotated.
    Unanswered,
    /// The usual answer, once the faults are ended.
    Held,
    /// The answer breaks off in its middle. What was asked is done: a token is rotated.
    BrokenOff,
    /// 200 with a body that is no JSON.
    NotJson,
    /// A redirect to another host.
    Redirect,
    /// 200 with an empty list.
    EmptyList,
    /// 200 with a list on which every album is a placeholder.
    DegradedList,
    /// 200 with a list whose second track is the first one again.
    RepeatedTrack,
    /// The list moves down by one between the first page and the next: the last track comes again.
    ShiftedPages,
    /// `next` is at another host.
    NextElsewhere,
}

impl Fault {
    pub fn status(status: u16, body: impl Into<String>) -> Self {
        Self::Status {
            status,
            retry_after: None,
            body: body.into(),
        }
    }

    pub fn expired_token() -> Self {
        Self::status(401, error(401, "The access token expired"))
    }

    pub fn rate_limited(seconds: u64) -> Self {
        Self::Status {
            status: 429,
            retry_after: Some(seconds),
            body: error(429, "API rate limit exceeded"),
        }
    }

    pub fn quota_exceeded(seconds: u64) -> Self {
        Self::Status {
            status: 429,
            retry_after: Some(seconds),
            body: r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#.into(),
        }
    }

    /// A 403 in bare text.
    pub fn no_premium() -> Self {
        Self::status(
            403,
            "Active premium subscription required for the owner of the app. When the subscription status changes, it \
             can take a few hours before requests are allowed again.",
        )
    }

    /// A 403 in bare text.
    pub fn user_not_listed() -> Self {
        Self::status(
            403,
            "The user is not registered for this application. Please check your settings on \
             https://developer.spotify.com/dashboard.",
        )
    }

    pub fn missing_scope() -> Self {
        Self::status(403, error(403, "Insufficient client scope"))
    }

    pub fn invalid_grant() -> Self {
        Self::status(
            400,
            r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#,
        )
    }

    /// A 503 in HTML.
    pub fn outage() -> Self {
        Self::status(503, "<html><body>upstream connect error</body></html>")
    }
}

/// An error of the Web API.
pub fn error(status: u16, message: &str) -> String {
    format!(r#"{{"error":{{"status":{status},"message":"{message}"}}}}"#)
}

#[derive(Default)]
pub struct Faults(Vec<Scripted>);

struct Scripted {
    calls: Vec<Call>,
    when: When,
    fault: Fault,
}

impl Faults {
    pub fn add(&mut self, calls: &[Call], when: When, fault: Fault) {
        self.0.push(Scripted {
            calls: calls.to_vec(),
            when,
            fault,
        });
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault for this request. One of [`When::Next`] is used up.
    pub fn take(&mut self, call: Call, now: DateTime<Utc>) -> Option<Fault> {
        let scripted = self.0.iter_mut().find(|scripted| {
            let applies = match scripted.when {
                When::Next(times) => times > 0,
                When::Between(since, until) => since <= now && now < until,
            };
            applies && scripted.calls.contains(&call)
        })?;
        if let When::Next(times) = &mut scripted.when {
            *times -= 1;
        }
        Some(scripted.fault.clone())
    }
}
