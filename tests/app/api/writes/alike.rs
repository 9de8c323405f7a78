//! Both engines give the same responses to the same writes, and store the same.

use crate::harness::writes::track_body;
use crate::harness::{Engine, JSON, Response, TestApp, gzip, page, payload};
use reqwest::Method;
use serde_json::{Value, json};

/// One request of the script.
struct Write {
    method: Method,
    path: String,
    body: Vec<u8>,
}

fn put(path: &str, body: impl ToString) -> Write {
    Write {
        method: Method::PUT,
        path: format!("/api/{path}"),
        body: body.to_string().into_bytes(),
    }
}

fn delete(path: &str) -> Write {
    Write {
        method: Method::DELETE,
        path: format!("/api/{path}"),
        body: Vec::new(),
    }
}

fn tracks() -> Vec<Write> {
    let odd = r#"{"name": "\u00e9\ud83c\udfb5", "artist_name": "\t", "raw_json": {"b": [1e2, -0.0, 5e-324, 1.10,
        18446744073709551615], "a": {"": null, "é": 1, "a.b": 2}, "c": 1, "c": 2, "explicit": true}}"#;
    let mut writes: Vec<_> = ["a", "b", "c", "%C3%A9", "x%2Fy", "%20"]
        .map(|id| put(&format!("tracks/{id}"), track_body(id, payload(id).0)))
        .into();
    writes.extend([
        put("tracks/a", json!({ "name": "", "artist_name": "" })),
        put(
            "tracks/a",
            track_body("Degraded", payload("a").degraded().0),
        ),
        put("tracks/n", odd),
        put("tracks/n", odd),
        put(
            "tracks/n",
            json!({ "name": "n", "artist_name": "n", "duration_ms": 0, "album_name": "" }),
        ),
        put("tracks/n", "{"),
        put("tracks/n", "[]"),
        put("tracks/n", ""),
        put("tracks/n", json!({ "name": "n" })),
        put("tracks/n", json!({ "name": "n", "artist_name": 1 })),
        put(
            "tracks/n",
            json!({ "name": "n", "artist_name": "a", "extra": 1 }),
        ),
        put(
            "tracks/n",
            track_body("n", json!({ "a": { "b": [1, "\0"] } })),
        ),
        put("tracks/n", r#"{"name": "\ud800", "artist_name": "a"}"#),
        put(
            "tracks/n",
            r#"{"name": "n", "artist_name": "a", "raw_json": {"n": 1e400}}"#,
        ),
        put(
            "tracks/n",
            r#"{"name": "n", "artist_name": "a", "raw_json": {"n": 1e-400}}"#,
        ),
        put(
            "tracks/n",
            r#"{"name": "n", "artist_name": "a", "raw_json": {"n": 18446744073709551616}}"#,
        ),
        put(
            &format!("tracks/{}", "n".repeat(65)),
            track_body("n", json!({})),
        ),
        put("tracks/%00", track_body("n", json!({}))),
        put("tracks/%ff", track_body("n", json!({}))),
        delete("tracks/missing"),
        delete("tracks/%20"),
        delete("tracks/%20"),
    ]);
    writes
}

fn lists() -> Vec<Write> {
    let list = "snapshots/2026-03-01/short_term";
    let of = |ids: &[&str]| page(ids.iter().map(|id| payload(id)));
    let mut later = of(&["a"]);
    later["offset"] = 50.into();
    let mut bad = of(&["a", "b", "new", "c"]);
    bad["items"][2]["id"] = 7.into();
    vec![
        put(list, of(&["a", "b", "c", "d"])),
        put(list, of(&["d", "a", "e", "a"])),
        put(list, of(&["d", "a", "e", "a"])),
        put(list, page([])),
        put(list, page(["e", "z"].map(|id| payload(id).degraded()))),
        put(list, bad),
        put(list, later),
        put(list, "{}"),
        put(list, "{\"items\": 7}"),
        put(list, "{\"items\": [null]}"),
        put(list, "nonsense"),
        put("snapshots/2026-02-30/short_term", of(&["a"])),
        put("snapshots/2101-01-01/short_term", of(&["a"])),
        put("snapshots/2026-03-01/weekly", of(&["a"])),
        put("snapshots/2026-03-01/long_term", of(&["a", "b"])),
        put("snapshots/1900-01-01/medium_term", of(&["b", "f"])),
        put(
            "snapshots/2100-12-31/medium_term",
            page([payload("a").named("future")]),
        ),
        put("tracks/a", track_body("now", payload("a").0)),
        delete("snapshots/2026-03-01/long_term"),
        delete("snapshots/2026-03-01/long_term"),
        delete("snapshots/2026-03-32/long_term"),
        delete("tracks/b"),
    ]
}

fn ranks() -> Vec<Write> {
    let rank = |id: &str, rank: &str| {
        put(
            &format!("snapshots/2026-03-05/long_term/{id}"),
            format!("{{\"rank\": {rank}}}"),
        )
    };
    let mut writes: Vec<_> = ["1", "2", "2", "10000", "2.0"]
        .map(|number| rank("a", number))
        .into();
    writes.extend([
        rank("c", "2"),
        rank("missing", "1"),
        rank("%00", "1"),
        rank(&"a".repeat(65), "1"),
    ]);
    writes.extend(
        [
            "0", "-1", "10001", "1.5", "\"1\"", "null", "", "1e400", "[]",
        ]
        .map(|number| rank("a", number)),
    );
    writes.extend([
        put("snapshots/2026-03-05/long_term/a", "{}"),
        put(
            "snapshots/2026-03-05/long_term/a",
            "{\"rank\": 1, \"other\": 2}",
        ),
        put("snapshots/2026-03-05/long_term/a?x=1", "{\"rank\": 1}"),
        put("nothing/at/all", "{}"),
        put("summary", "{}"),
    ]);
    writes
}

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
    let script: Vec<_> = tracks().into_iter().chain(lists()).chain(ranks()).collect();
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
