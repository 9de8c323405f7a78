//! What the fake knows: its script, its consents, and what it was asked.

use super::consents::Consents;
use super::faults::{Call, Faults};
use crate::demo::library::library;
use chrono::{DateTime, Utc};
use entity::snapshot::TimeRange;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use url::Url;

/// The state, shared by the requests and the handle.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<State>>);

pub struct State {
    pub origin: Url,
    pub now: Option<DateTime<Utc>>,
    pub lists: Lists,
    pub faults: Faults,
    pub consents: Consents,
    /// Id and display name.
    pub account: (String, Option<String>),
    pub received: Vec<Received>,
}

/// A request that the fake received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub at: DateTime<Utc>,
    pub call: Call,
    /// Of a page of a list; else 0.
    pub offset: usize,
    /// 0 if it is not answered yet.
    pub status: u16,
}

impl Shared {
    pub fn new(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder panics")
    }
}

impl State {
    pub fn new(origin: Url) -> Self {
        Self {
            origin,
            now: None,
            lists: Lists::default(),
            faults: Faults::default(),
            consents: Consents::default(),
            account: ("made-up-listener".into(), Some("Made-up Listener".into())),
            received: Vec::new(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(Utc::now)
    }
}

/// The lists by range and the instant from which they are served.
#[derive(Default)]
pub struct Lists {
    scripted: BTreeMap<(TimeRange, DateTime<Utc>), List>,
    sample: BTreeMap<TimeRange, Vec<Value>>,
}

#[derive(Clone)]
pub enum List {
    Tracks(Vec<Value>),
    /// The first page as it is.
    Body(String),
}

impl Lists {
    pub fn put_tracks(&mut self, since: DateTime<Utc>, time_range: TimeRange, tracks: Vec<Value>) {
        let list = List::Tracks(tracks);
        self.scripted.insert((time_range, since), list);
    }

    pub fn put_body(&mut self, since: DateTime<Utc>, time_range: TimeRange, body: String) {
        let list = List::Body(body);
        self.scripted.insert((time_range, since), list);
    }

    /// The list that is served at this instant.
    pub fn at(&mut self, now: DateTime<Utc>, time_range: TimeRange) -> List {
        let first = (time_range, DateTime::<Utc>::MIN_UTC);
        let scripted = self.scripted.range(first..=(time_range, now)).next_back();
        match scripted {
            Some((_, list)) => list.clone(),
            None => List::Tracks(self.sample(now, time_range)),
        }
    }

    /// The last list of the sample library, made when it is first asked for.
    fn sample(&mut self, now: DateTime<Utc>, time_range: TimeRange) -> Vec<Value> {
        if self.sample.is_empty() {
            let library = library(now.date_naive());
            let mut last = BTreeMap::new();
            for list in library.lists.iter().filter(|list| !list.ranking.is_empty()) {
                last.insert(list.time_range, &list.ranking);
            }
            for (time_range, ranking) in last {
                let tracks = ranking.iter().map(|track| library.tracks[*track].clone());
                self.sample.insert(time_range, tracks.collect());
            }
        }
        self.sample.get(&time_range).cloned().unwrap_or_default()
    }
}
