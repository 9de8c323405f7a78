//! Request bodies: JSON in UTF-8, optionally compressed with gzip, and limited in size.

use crate::harness::writes::track_body;
use crate::harness::{Engine, JSON, Response, TestApp, gzip, on_both_engines, page, payload};
use reqwest::Method;
use serde_json::json;

const TRACK: &str = "/api/tracks/a";
const LIST: &str = "/api/snapshots/2026-03-01/short_term";
const RANK: &str = "/api/snapshots/2026-03-01/short_term/a";
const MIB: usize = 1 << 20;

impl TestApp {
    async fn put_encoded(&self, path: &str, encoding: &str, body: Vec<u8>) -> Response {
        let headers = [JSON, &[("content-encoding", encoding)]].concat();
        self.send(Method::PUT, path, &headers, body).await
    }

    /// Sends a body in chunks, without a Content-Length.
    async fn put_chunked(&self, path: &str, headers: &str, body: &[u8]) -> String {
        let mut bytes = format!(
            "PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n{headers}\r\n"
        )
        .into_bytes();
        for chunk in body.chunks(60_000) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        self.send_raw(&bytes).await
    }
}

/// A track of this size, padded with spaces.
fn track_of(bytes: usize) -> String {
    let body = track_body("Name", payload("a").0).to_string();
    format!("{body}{}", " ".repeat(bytes - body.len()))
}

on_both_engines! {
async fn a_body_that_is_not_json_by_its_type_is_415(app: TestApp) {
    for path in [TRACK, LIST, RANK] {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", "", "application/xml;json", "\u{ff}"] {
            let response = app.send(Method::PUT, path, &[("content-type", kind)], track_of(2000)).await;
            response.problem(415, Some("Content-Type"));
        }
        let missing = app.send(Method::PUT, path, &[], track_of(2000)).await;
        missing.problem(415, Some("Content-Type"));
    }
    assert_eq!(app.json("/api/captures").await, json!({ "items": [] }));
}
}

on_both_engines! {
async fn the_content_type_is_case_insensitive_and_may_have_a_charset(app: TestApp) {
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=iso-8859-1", "application/json "] {
        let response = app.send(Method::PUT, TRACK, &[("content-type", kind)], track_of(2000)).await;

        assert_eq!(response.status, 200, "{kind}: {}", response.body);
    }
}
}

on_both_engines! {
async fn an_unsupported_content_encoding_is_415(app: TestApp) {
    for encoding in ["br", "deflate", "zstd", "gzip, gzip", "x", ""] {
        let response = app.put_encoded(TRACK, encoding, track_of(2000).into()).await;
        response.problem(415, Some("Content-Encoding"));
    }
}
}

on_both_engines! {
async fn a_gzip_body_is_decompressed(app: TestApp) {
    for encoding in ["gzip", "x-gzip"] {
        let response = app.put_encoded(TRACK, encoding, gzip(track_of(2000))).await;
        assert_eq!(response.status, 200, "{encoding}: {}", response.body);
    }
    let track = track_of(2000);
    let members = [gzip(&track[..700]), gzip(&track[700..])].concat();
    assert_eq!(app.put_encoded(TRACK, "gzip", members).await.status, 200);
    assert_eq!(app.put_encoded(TRACK, "identity", track_of(2000).into()).await.status, 200);
}
}

on_both_engines! {
async fn a_corrupt_gzip_body_is_400(app: TestApp) {
    let whole = gzip(track_of(2000));
    let mut flipped = whole.clone();
    flipped[20] ^= 0xff;
    let mut checksum = whole.clone();
    let last = checksum.len() - 6;
    checksum[last] ^= 1;
    for body in [whole[..whole.len() / 2].to_vec(), flipped, checksum, track_of(2000).into(), whole[..5].to_vec()] {
        app.put_encoded(TRACK, "gzip", body).await.problem(400, Some("body"));
    }
    app.get(TRACK).await.problem(404, None);
}
}

on_both_engines! {
async fn a_decompression_bomb_is_413(app: TestApp) {
    let zeros = gzip(vec![b' '; 20 * MIB]);
    let twice = gzip(gzip(vec![0; 20 * MIB]));
    assert!(zeros.len() < MIB, "the compressed body is small");

    for path in [TRACK, RANK, LIST] {
        app.put_encoded(path, "gzip", zeros.clone()).await.problem(413, None);
    }
    app.put_encoded(TRACK, "gzip", twice).await.problem(400, Some("body"));
}
}

on_both_engines! {
async fn a_track_over_1_mib_is_413(app: TestApp) {
    let (fits, over) = (track_of(MIB), track_of(MIB + 1));

    assert_eq!(app.send(Method::PUT, TRACK, JSON, fits.clone()).await.status, 200);
    app.send(Method::PUT, TRACK, JSON, over.clone()).await.problem(413, None);
    assert_eq!(app.put_encoded(TRACK, "gzip", gzip(fits.clone())).await.status, 200);
    app.put_encoded(TRACK, "gzip", gzip(over.clone())).await.problem(413, None);
    let fits = app.put_chunked(TRACK, "", fits.as_bytes()).await;
    assert!(fits.starts_with("HTTP/1.1 200"), "{fits}");
    let over = app.put_chunked(TRACK, "", over.as_bytes()).await;
    assert!(over.starts_with("HTTP/1.1 413"), "{over}");
    assert!(over.contains("application/problem+json"), "{over}");
}
}

on_both_engines! {
async fn a_gzip_body_may_be_chunked(app: TestApp) {
    let response = app.put_chunked(TRACK, "Content-Encoding: gzip\r\n", &gzip(track_of(5000))).await;

    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}
}

on_both_engines! {
async fn a_list_over_16_mib_is_413(app: TestApp) {
    let list = page([payload("a")]).to_string();
    let of = |bytes: usize| format!("{list}{}", " ".repeat(bytes - list.len()));

    let fits = app.send(Method::PUT, LIST, JSON, of(16 * MIB)).await;
    let over = app.send(Method::PUT, LIST, JSON, of(16 * MIB + 1)).await;

    assert_eq!(fits.status, 200, "{}", fits.body);
    over.problem(413, None);
    app.send(Method::PUT, RANK, JSON, of(2 * MIB)).await.problem(413, None);
}
}

on_both_engines! {
async fn a_body_that_is_not_a_json_object_is_400_with_the_field_body(app: TestApp) {
    let good = track_of(2000);
    let bodies: [&[u8]; 16] = [
        b"", b" ", b"[]", b"7", b"\"x\"", b"null", b"true", b"{", b"}", b"{}{}", b"{\"name\": }", b"{'name': 1}",
        b"\xff\xfe{\x00}\x00", b"{\"name\": \"\xc3\x28\"}", b"\xef\xbb\xbf{}", &good.as_bytes()[..700],
    ];
    for path in [TRACK, RANK, LIST] {
        for body in bodies {
            let response = app.send(Method::PUT, path, JSON, body.to_vec()).await;
            let problem = response.json();
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_eq!((response.status, problem["field"].as_str()), (400, Some("body")), "{path} {shown}");
        }
    }
}
}

on_both_engines! {
async fn a_body_of_a_get_or_a_delete_is_ignored(app: TestApp) {
    app.put_list("2026-03-01", "short_term", ["a"]).await;

    let read = app.send(Method::GET, TRACK, JSON, "{").await;
    let deleted = app.send(Method::DELETE, TRACK, &[("content-type", "text/plain")], "{").await;

    assert_eq!((read.status, deleted.status), (200, 204));
}
}

on_both_engines! {
async fn malformed_http_does_not_stop_the_program(app: TestApp) {
    for bytes in [
        "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /api/tracks HTTP/9.9\r\n\r\n", "PUT /api/tracks/a HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}",
        "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
        "GET /api/tracks?q=\u{e9} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ] {
        let response = app.send_raw(bytes.as_bytes()).await;
        assert!(!response.starts_with("HTTP/1.1 5"), "{bytes:?}: {response}");
    }
    assert_eq!(app.json("/api/summary").await["track_count"], 0);
    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}
}
