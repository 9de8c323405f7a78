//! Both engines give the same responses to the same writes, and store the same.

use super::script::{Write, script};
use crate::harness::{Engine, JSON, Response, TestApp, gzip};
use serde_json::{Value, json};

impl TestApp {
    async fn perform(&self, write: &Write, compressed: bool) -> Response {
        let method = write.method.clone();
        if compressed {
            let headers = [JSON, &[("content-encoding", "gzip")]].concat();
            return self
                .send(method, &write.path, &headers, gzip(write.body.clone()))
                .await;
        }
        self.send(method, &write.path, JSON, write.body.clone())
            .await
    }
}

/// A response without ids and times that differ between two runs.
fn comparable(response: &Response) -> Value {
    let mut body = serde_json::from_str(&response.body).unwrap_or(json!(response.body));
    remove_times(&mut body);
    json!([
        response.status,
        response.header("content-type"),
        response.header("allow"),
        body
    ])
}

fn remove_times(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["request_id", "captured_at", "payload_at"] {
                members.remove(name);
            }
            members.values_mut().for_each(remove_times);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_times),
        _ => {}
    }
}

#[tokio::test]
async fn both_engines_give_the_same_response_to_every_write() {
    let (sqlite, postgres) = (
        TestApp::start(Engine::Sqlite).await,
        TestApp::start(Engine::Postgres).await,
    );
    let script = script();
    assert!(script.len() > 60, "the script has {}", script.len());

    for (number, write) in script.iter().enumerate() {
        let compressed = number.is_multiple_of(3) && !write.body.is_empty();
        let from_sqlite = sqlite.perform(write, compressed).await;
        let from_postgres = postgres.perform(write, compressed).await;

        assert!(
            from_sqlite.status < 500,
            "{} {}: {}",
            write.method,
            write.path,
            from_sqlite.body
        );
        assert_eq!(
            comparable(&from_sqlite),
            comparable(&from_postgres),
            "{} {}",
            write.method,
            write.path
        );
    }
    for path in [
        "/api/summary",
        "/api/tracks?limit=100",
        "/api/tracks/a",
        "/api/tracks/n",
        "/api/tracks/a/history",
        "/api/tracks/x%2Fy",
        "/api/snapshots",
        "/api/snapshots/2026-03-01/short_term",
        "/api/snapshots/2026-03-05/long_term",
        "/api/captures?limit=100",
        "/api/release-year-distribution",
    ] {
        let (from_sqlite, from_postgres) = (sqlite.get(path).await, postgres.get(path).await);

        assert_eq!(from_sqlite.status, 200, "{path}: {}", from_sqlite.body);
        assert_eq!(
            comparable(&from_sqlite),
            comparable(&from_postgres),
            "{path}"
        );
    }
}
