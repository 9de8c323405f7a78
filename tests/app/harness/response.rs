//! A response of the program, and checks of it.

use reqwest::header::HeaderMap;
use serde_json::Value;
use std::time::{Duration, Instant};

/// The program's own deadline of 5 s, and one more second for a busy machine.
const DEADLINE: Duration = Duration::from_secs(6);

#[derive(Clone, Debug)]
pub struct Response {
    /// Method and path of the request.
    pub request: String,
    pub sent_at: Instant,
    /// From the request until the whole body had arrived.
    pub took: Duration,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Response {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|cause| panic!("{cause} in the response {}", self.body))
    }

    /// A header's value, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value
            .transpose()
            .expect("a header is text")
            .unwrap_or_default()
    }

    /// Checks that this is a problem with this status and this `field`.
    pub fn problem(&self, status: u16, field: Option<&str>) -> Value {
        let problem = self.json();
        assert_eq!(self.status, status, "{problem}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["field"].as_str(), field, "{problem}");
        assert_ne!(problem["request_id"], "");
        problem
    }

    pub fn is_ok(&self) -> bool {
        self.status == 200
    }

    /// 503 with `Retry-After`.
    fn is_busy(&self) -> bool {
        self.status == 503 && self.headers.contains_key("retry-after")
    }

    pub fn must_be_ok(&self) {
        self.must_be_in_time(self.is_ok());
    }

    pub fn must_be_busy(&self) {
        self.must_be_in_time(self.is_busy());
    }

    pub fn must_be_ok_or_busy(&self) {
        self.must_be_in_time(self.is_ok() || self.is_busy());
    }

    fn must_be_in_time(&self, is_expected: bool) {
        let fine = is_expected && self.took <= DEADLINE;
        assert!(fine, "{}: {self:?}", self.request);
    }
}

/// The time that this percentage of all times does not exceed.
pub fn percentile(percent: usize, times: impl IntoIterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort();
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).copied().unwrap_or_default()
}
