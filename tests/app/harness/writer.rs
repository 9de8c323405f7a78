//! A client that writes one value again and again, and knows which values may be stored.

use super::client::{Client, JSON};
use super::response::Response;
use super::{page, payload, texts};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Tracks on a list.
const LENGTH: usize = 20;

/// No two writers write the same value, so that the order of the writes is known.
#[derive(Clone, Default)]
pub struct Writer {
    pub number: usize,
    /// Versions count from 1. Version 0 is the track as it is created.
    sent: usize,
    acknowledged: usize,
    /// Versions whose PUT did not succeed. They may be stored all the same.
    unknown: BTreeSet<usize>,
}

enum Kind {
    Track,
    List,
    Rank,
}

impl Writer {
    /// Creates the writer's track.
    pub async fn new(number: usize, client: &Client) -> Self {
        let writer = Self {
            number,
            ..Self::default()
        };
        client.put(&writer.track(), track(0)).await.must_be_ok();
        writer
    }

    pub async fn write_next(&mut self, client: &Client) -> Result<Response, String> {
        self.sent += 1;
        let body = self.body(self.sent);
        let result = client.try_send(Method::PUT, &self.path(), JSON, body).await;
        if result.as_ref().is_ok_and(Response::is_ok) {
            self.acknowledged = self.sent;
        } else {
            self.unknown.insert(self.sent);
        }
        result
    }

    pub fn acknowledged_count(&self) -> usize {
        self.acknowledged - self.unknown.range(..=self.acknowledged).count()
    }

    pub async fn must_be_stored(&self, client: &Client, in_any_order: bool) {
        let (number, acknowledged) = (self.number, self.acknowledged);
        if acknowledged == 0 {
            return;
        }
        let unknown = self.unknown.iter().copied();
        let mut allowed = unknown
            .filter(|version| in_any_order || *version > acknowledged)
            .chain([acknowledged]);
        let stored = self.stored(client).await;
        assert!(
            allowed.any(|version| self.value(version) == stored),
            "writer {number} finds {stored} after version {acknowledged}, unknown: {:?}",
            self.unknown
        );
    }

    /// Of five writers three write a rank, one a track and one a list.
    fn kind(&self) -> Kind {
        match self.number % 5 {
            3 => Kind::Track,
            4 => Kind::List,
            _ => Kind::Rank,
        }
    }

    fn track(&self) -> String {
        format!("/api/tracks/writer{}", self.number)
    }

    fn path(&self) -> String {
        match self.kind() {
            Kind::Track => self.track(),
            Kind::List => format!("/api/snapshots/2026-01-{:02}/long_term", self.number + 1),
            Kind::Rank => format!("/api/snapshots/2026-02-01/short_term/writer{}", self.number),
        }
    }

    fn body(&self, version: usize) -> Value {
        match self.kind() {
            Kind::Track => track(version),
            Kind::List => page(self.list(version).iter().map(|id| payload(id))),
            Kind::Rank => json!({ "rank": rank(version) }),
        }
    }

    /// The value of [`Self::stored`] if this version is stored.
    fn value(&self, version: usize) -> Value {
        match self.kind() {
            Kind::Track => version.to_string().into(),
            Kind::List => self.list(version).into(),
            Kind::Rank => rank(version).into(),
        }
    }

    async fn stored(&self, client: &Client) -> Value {
        let path = match self.kind() {
            Kind::Rank => format!("{}/history", self.track()),
            _ => self.path(),
        };
        let response = client.get(&path).await;
        response.must_be_ok();
        let json = response.json();
        match self.kind() {
            Kind::Track => json["name"].clone(),
            Kind::List => texts(&json["items"], "track_id").into(),
            Kind::Rank => json["items"][0]["rank"].clone(),
        }
    }

    /// Each version has another order.
    fn list(&self, version: usize) -> Vec<String> {
        (0..LENGTH)
            .map(|index| format!("list{}x{}", self.number, (version + index) % LENGTH))
            .collect()
    }
}

fn track(version: usize) -> Value {
    json!({ "name": version.to_string(), "artist_name": "Somebody" })
}

fn rank(version: usize) -> usize {
    version % 10_000 + 1
}
