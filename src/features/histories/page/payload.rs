//! The payload as a tree of nested disclosures. The album is open at first.

use crate::features::tracks::query::Track;
use crate::html::components::{DATE, counted, date, nothing_yet};
use crate::html::controls::address;
use maud::{Markup, html};
use serde_json::Value;

/// Values shown. A payload of the provider has about 500.
const MOST: usize = 4000;
/// Deeper values are not indented any further.
const DEEPEST: usize = 8;

pub fn payload(track: &Track) -> Markup {
    let json = address(&["api", "tracks", &track.summary.track_id]);
    html! {
        section aria-labelledby="payload" {
            header.section-head {
                h2 #payload { "Payload" }
                p {
                    @if track.raw_json.is_some() {
                        "As it came"
                        @if let Some(at) = track.payload_at { " on " (date(at.date_naive(), DATE)) }
                        ". "
                    }
                    a href=(json) { "JSON" }
                }
            }
            @match &track.raw_json {
                Some(payload) => (Tree { left: MOST }.top(&payload.0)),
                None => (nothing_yet("This track came without a payload. The next list that has it brings one.")),
            }
        }
    }
}

/// Draws values until none is left to be drawn.
struct Tree {
    left: usize,
}

impl Tree {
    fn top(mut self, payload: &Value) -> Markup {
        html! { div.tree { (self.members(payload, 0)) } }
    }

    fn members(&mut self, container: &Value, depth: usize) -> Markup {
        let members = members(container);
        let shown = members.len().min(self.left);
        self.left -= shown;
        html! {
            ul.deep[depth >= DEEPEST] {
                @for (key, value) in &members[..shown] { li { (self.member(key, value, depth)) } }
                @if shown < members.len() {
                    li.rest { (counted((members.len() - shown) as i64, "more value")) ", in the JSON" }
                }
            }
        }
    }

    fn member(&mut self, key: &str, value: &Value, depth: usize) -> Markup {
        let is_open = depth == 0 && key == "album";
        html! {
            @match size(value) {
                Some(size) if is_empty(value) => { (name(key)) " " span.size { (size) } },
                Some(size) => details open[is_open] {
                    summary { span { (name(key)) " " span.size { (size) } } }
                    (self.members(value, depth + 1))
                },
                None => { (name(key)) " " (plain(value)) },
            }
        }
    }
}

/// Keys are sorted, as in the JSON answer. Items are numbered from 0.
fn members(container: &Value) -> Vec<(String, &Value)> {
    match container {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    }
}

/// The number of values in a container.
fn size(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => Some(counted(members.len() as i64, "key")),
        Value::Array(items) => Some(counted(items.len() as i64, "item")),
        _ => None,
    }
}

fn is_empty(container: &Value) -> bool {
    match container {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn name(key: &str) -> Markup {
    html! { span.key { bdi { (key) } ":" } }
}

fn plain(value: &Value) -> Markup {
    html! {
        @match value {
            Value::Null => i { "null" },
            other => bdi { (other) },
        }
    }
}
