//! An HTTP client that sends requests as fast as it can or at a fixed rate. It is simple, because it
//! shares the cores with the program that it measures.

use crate::table::percentile;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

/// One keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Response {
    pub status: u16,
    /// Of the body, in bytes.
    size: usize,
}

/// The rate and the latencies of many requests.
pub struct Rate {
    pub per_second: f64,
    times: Vec<Duration>,
}

impl Rate {
    pub fn percentile(&mut self, percent: usize) -> Duration {
        percentile(&mut self.times, percent)
    }
}

impl Connection {
    pub async fn open(origin: &str) -> Self {
        let address = origin.trim_start_matches("http://");
        let stream = TcpStream::connect(address).await;
        let stream = stream.expect("the program listens");
        stream.set_nodelay(true).expect("a TCP option");
        Self {
            stream,
            buffer: Vec::with_capacity(1 << 17),
        }
    }

    /// Returns the size of the response's body. The response must be a success.
    pub async fn ask(&mut self, request: &[u8]) -> usize {
        let response = self.send(request).await;
        let is_success = (200..300).contains(&response.status);
        let received = || String::from_utf8_lossy(&self.buffer);
        let sent = String::from_utf8_lossy(&request[..request.len().min(100)]);
        assert!(is_success, "{sent}: {}", received());
        response.size
    }

    pub async fn send(&mut self, request: &[u8]) -> Response {
        self.stream
            .write_all(request)
            .await
            .expect("the program takes requests");
        self.buffer.clear();
        let head = loop {
            self.read().await;
            if let Some(end) = position(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let response = Response::of(&self.buffer[..head]);
        while self.buffer.len() < head + response.size {
            self.read().await;
        }
        response
    }

    async fn read(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert_ne!(
            read.expect("the program answers"),
            0,
            "it closed the connection"
        );
    }
}

impl Response {
    fn of(head: &[u8]) -> Self {
        let head = std::str::from_utf8(head).expect("the head is text");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let size = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        Self {
            status: status.expect("the head has a status"),
            size: size.unwrap_or(0),
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n").into()
}

pub fn put(path: &str, body: &str) -> Vec<u8> {
    format!(
        "PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

/// Sends requests on this many connections for this long, at `rate` requests a second if it is given. `request` makes
/// the request with a number.
pub async fn load<F>(
    origin: &str,
    connections: usize,
    length: Duration,
    rate: Option<f64>,
    request: F,
) -> Rate
where
    F: Fn(usize) -> Vec<u8> + Clone + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let start = Instant::now() + Duration::from_millis(50);
    for first in 0..connections {
        let (origin, request) = (origin.to_owned(), request.clone());
        tasks.spawn(async move {
            let mut connection = Connection::open(&origin).await;
            let gap = rate.map(|rate| Duration::from_secs_f64(connections as f64 / rate));
            let offset = gap
                .unwrap_or_default()
                .mul_f64(first as f64 / connections as f64);
            let mut due = gap.map(|gap| interval_at(start + offset, gap));
            tokio::time::sleep_until(start).await;
            let mut times = Vec::new();
            for number in (first..).step_by(connections) {
                // The time starts after the tick, because a timer may be late by a millisecond.
                if let Some(due) = &mut due {
                    due.tick().await;
                }
                let asked = Instant::now();
                if asked >= start + length {
                    break;
                }
                connection.ask(&request(number)).await;
                times.push(asked.elapsed());
            }
            times
        });
    }
    let times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let elapsed = start.elapsed().max(length);
    Rate {
        per_second: times.len() as f64 / elapsed.as_secs_f64(),
        times,
    }
}
