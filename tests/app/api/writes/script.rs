//! A script of writes, valid and invalid, for the comparison of both engines.

use crate::harness::writes::track_body;
use crate::harness::{page, payload};
use reqwest::Method;
use serde_json::json;

pub fn script() -> Vec<Write> {
    tracks().into_iter().chain(lists()).chain(ranks()).collect()
}

/// One request of the script.
pub struct Write {
    pub method: Method,
    pub path: String,
    pub body: Vec<u8>,
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
