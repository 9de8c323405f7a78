//! The OpenAPI document: what poem-openapi writes, put into the shape that client generators and
//! linters take without complaint.

use super::problem::Problem;
use crate::captures::api::CapturesApi;
use crate::dashboard::api::DashboardApi;
use crate::releases::api::ReleasesApi;
use crate::snapshots::api::SnapshotsApi;
use crate::tracks::api::TracksApi;
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::OpenApiService;
use poem_openapi::registry::Registry;
use poem_openapi::types::Type;
use serde_json::{Map, Value, json};

type Api = (
    DashboardApi,
    ReleasesApi,
    TracksApi,
    SnapshotsApi,
    CapturesApi,
);

const ABOUT: &str = "\
Your ranked lists as dated snapshots, and what they say.

Reads carry a strong `ETag`; send it as `If-None-Match` and an answer that has not changed is an
empty 304. Whatever fails answers with `application/problem+json` (RFC 9457), which names the field
at fault and a request id. 503 says when to try again.

Every write is a `PUT` or a `DELETE`: sending it again does no harm, so there is no need for an
idempotency key. A write that was answered 200 or 204 is on disk. One whose answer got lost may or
may not have happened: send it again. Bodies are JSON of at most 1 MiB, whole lists 16 MiB, as they
are or with `Content-Encoding: gzip`. Of duplicate keys the last counts.";

/// The operations under `/api`.
pub fn service() -> OpenApiService<Api, ()> {
    let api = (
        DashboardApi,
        ReleasesApi,
        TracksApi,
        SnapshotsApi,
        CapturesApi,
    );
    OpenApiService::new(api, "Music Time Machine", env!("CARGO_PKG_VERSION")).description(ABOUT)
}

/// The document as YAML, as `openapi.yaml` has it.
pub fn yaml() -> anyhow::Result<String> {
    let mut document = document()?;
    // As people read it: what it is first, the shapes last.
    let ordered: serde_yaml::Mapping =
        ["openapi", "info", "servers", "tags", "paths", "components"]
            .into_iter()
            .map(|key| Ok((key.into(), serde_yaml::to_value(document[key].take())?)))
            .collect::<serde_yaml::Result<_>>()?;
    Ok(serde_yaml::to_string(&ordered)?)
}

pub fn document() -> anyhow::Result<Value> {
    let mut document: Value = serde_json::from_str(&service().spec())?;
    let mut registry = Registry::new();
    Problem::register(&mut registry);
    let problem = registry.schemas.get("Problem").map(serde_json::to_value);
    document["openapi"] = json!("3.0.3");
    document["servers"] = json!([{ "url": "/" }]);
    document["info"]["license"] = json!({
        "name": "MIT OR Apache-2.0",
        "url": "https://spdx.org/licenses/MIT.html",
    });
    let schemas = &mut document["components"]["schemas"];
    schemas["Problem"] = problem.transpose()?.unwrap_or_default();
    for strict in ["TrackBody", "RankBody"] {
        schemas[strict]["additionalProperties"] = json!(false);
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| (format!("/api{path}"), item))
            .collect();
        for (method, operation) in paths
            .values_mut()
            .filter_map(Value::as_object_mut)
            .flatten()
        {
            match method.as_str() {
                "get" => read(operation),
                _ => write(operation),
            }
            finish(operation);
        }
    }
    tidy(&mut document);
    Ok(document)
}

/// What every read has in common: its `ETag`, and 304.
fn read(operation: &mut Value) {
    let tag = json!({ "ETag": {
        "description": "The version of the answer",
        "schema": { "type": "string" },
    }});
    let responses = &mut operation["responses"];
    responses["200"]["headers"] = tag.clone();
    responses["304"] = json!({
        "description": "What `If-None-Match` names is still the answer",
        "headers": tag,
    });
}

/// What every write has in common: where it is refused, and what is wrong with a body.
fn write(operation: &mut Value) {
    let has_body = operation.get("requestBody").is_some();
    let responses = &mut operation["responses"];
    responses["403"] = problem("No write is accepted on an address that others can reach");
    if has_body {
        responses["408"] = problem("The body did not come to its end in time");
        responses["413"] = problem("The body is too large");
        responses["415"] = problem("The body is neither JSON nor JSON packed with gzip");
    }
}

/// What every operation has in common: the ways to fail.
fn finish(operation: &mut Value) {
    let parameters = operation["parameters"].as_array();
    let named = parameters.is_some_and(|all| all.iter().any(|one| one["in"] == "path"));
    // These two make what they name.
    let makes =
        operation["operationId"] == "put_track" || operation["operationId"] == "put_snapshot_list";
    operation["security"] = json!([]);
    let responses = &mut operation["responses"];
    responses["400"] =
        problem("A parameter or a part of the body cannot be used; `field` names it");
    if named && !makes {
        responses["404"] = problem("There is no such thing in the library");
    }
    responses["500"] = problem("Something went wrong on our side");
    responses["503"] =
        problem("The database is not answering or busy; `Retry-After` says when to ask again");
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
        }},
    })
}

/// Bounds of integers are integers, their formats those of the standard, and defaults go unsaid.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            tidy_members(members);
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_members(members: &mut Map<String, Value>) {
    for key in ["deprecated", "explode", "writeOnly", "readOnly"] {
        let default = key == "explode";
        if members.get(key) == Some(&Value::Bool(default)) {
            members.remove(key);
        }
    }
    let format = members.get("format").and_then(Value::as_str);
    let standard = match format {
        Some("uint8" | "uint16" | "int16") => "int32",
        Some("uint32" | "uint64") => "int64",
        Some("naive-date") => "date",
        _ => return integer_bounds(members),
    };
    members.insert("format".into(), standard.into());
    integer_bounds(members);
}

fn integer_bounds(members: &mut Map<String, Value>) {
    if members.get("type") != Some(&json!("integer")) {
        return;
    }
    for key in ["minimum", "maximum"] {
        if let Some(bound) = members.get(key).and_then(Value::as_f64) {
            members.insert(key.into(), json!(bound as i64));
        }
    }
}

/// The document, served.
pub struct Document {
    content_type: &'static str,
    text: String,
}

impl Document {
    pub fn yaml() -> anyhow::Result<Self> {
        Ok(Self {
            content_type: "application/yaml",
            text: yaml()?,
        })
    }

    pub fn json() -> anyhow::Result<Self> {
        Ok(Self {
            content_type: "application/json",
            text: serde_json::to_string(&document()?)?,
        })
    }
}

impl Endpoint for Document {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        Ok(self
            .text
            .clone()
            .with_content_type(self.content_type)
            .into_response())
    }
}
