//! `NOTIFY_URL`: one POST of JSON for each notice.
//!
//! Apprise takes `title` and `body`. ntfy takes JSON at the address of a topic when the headers name the members to show.

use super::notices::Notice;
use crate::config::Config;
use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use serde_json::json;
use std::sync::Mutex;
use url::Url;

/// After a failure nothing is sent for so long.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

pub struct Notifier {
    url: Url,
    http: Client,
    failed_at: Mutex<Option<DateTime<Utc>>>,
}

impl Notifier {
    /// `None` without `NOTIFY_URL`.
    pub fn new(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.secrets.notify_url else {
            return Ok(None);
        };
        let url = url.expose().parse().context("NOTIFY_URL is no URL")?;
        let http = crate::spotify::http_client().context("cannot set up the HTTP client")?;
        Ok(Some(Self {
            url,
            http,
            failed_at: Mutex::default(),
        }))
    }

    pub fn has_just_failed(&self, now: DateTime<Utc>) -> bool {
        let failed_at = *self.failed_at.lock().expect("no holder panics");
        failed_at.is_some_and(|at| now - at < PAUSE && now >= at)
    }

    /// Whether the notice was taken. The log says why not; it has no address, which may contain a secret.
    pub async fn send(&self, notice: &Notice, now: DateTime<Utc>) -> bool {
        let body = json!({
            "event": notice.event, "subject": notice.subject,
            "title": notice.title, "message": notice.message, "body": notice.message,
        });
        let request = self
            .http
            .post(self.url.clone())
            .header("X-Template", "yes")
            .header("X-Title", "{{.title}}")
            .header("X-Message", "{{.message}}")
            .json(&body);
        let refusal = match request.send().await {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(format!("it answered {}", response.status())),
            Err(cause) => Some(cause.without_url().to_string()),
        };
        *self.failed_at.lock().expect("no holder panics") = refusal.is_some().then_some(now);
        if let Some(refusal) = &refusal {
            tracing::warn!(
                event = notice.event,
                "NOTIFY_URL took no notice: {refusal}; it is sent again in 10 minutes"
            );
        }
        refusal.is_none()
    }
}
