//! Writes through the API, and bytes that no HTTP client would send.

use super::{TestApp, page, payload};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

impl TestApp {
    /// Writes bytes to the program's port and reads until the connection closes. The bytes must ask
    /// for that.
    pub async fn send_raw(&self, bytes: &[u8]) -> String {
        let stream = TcpStream::connect(self.server.address()).await;
        let mut stream = stream.expect("the program listens");
        // The program may respond and close before it has read everything.
        let _ = stream.write_all(bytes).await;
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response).await;
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Puts a ranked list of tracks with these ids.
    pub async fn put_list<const N: usize>(&self, date: &str, range: &str, ids: [&str; N]) -> Value {
        let path = format!("/api/snapshots/{date}/{range}");
        self.put_json(&path, page(ids.map(payload))).await
    }
}

/// The body of a PUT of a track.
pub fn track_body(name: &str, raw_json: impl Into<Value>) -> Value {
    serde_json::json!({ "name": name, "artist_name": "Somebody", "raw_json": raw_json.into() })
}
