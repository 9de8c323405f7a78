//! Writes by the API, in good order and in the disorder that clients are capable of.

use super::files::Content;
use super::{Answer, TestApp, page, payload};
use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const JSON: &str = "application/json";

impl TestApp {
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, JSON, body).await
    }

    /// The answer to a write that succeeds.
    pub async fn put_json(&self, path: &str, body: Value) -> Value {
        let answer = self.put(path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[]).await
    }

    /// Any body of any type.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Content,
    ) -> Answer {
        let headers = [("content-type", content_type)];
        self.send_with(method, path, &headers, body).await
    }

    /// Any body under any headers.
    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Content,
    ) -> Answer {
        let url = format!("{}{path}", self.served.origin);
        let mut request = self.client.request(method, url).body(body.bytes());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the program answers");
        Answer::of(response).await
    }

    /// Writes bytes to the program's port and reads its answer to the end; for what a proper client
    /// does not send. The bytes have to ask for the connection to be closed.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let address = self.served.origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        // It may have answered and gone before it has read everything.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Puts a ranked list of tracks with these ids.
    pub async fn put_list<const N: usize>(&self, date: &str, range: &str, ids: [&str; N]) -> Value {
        let path = format!("/api/snapshots/{date}/{range}");
        self.put_json(&path, page(ids.map(payload))).await
    }
}

/// The body of a track put with this name and this payload.
pub fn track_body(name: &str, raw_json: impl Into<Value>) -> Value {
    serde_json::json!({ "name": name, "artist_name": "Somebody", "raw_json": raw_json.into() })
}
