//! A client that asks as fast as it can, or at a pace, and costs little itself: it shares the cores
//! with what it measures.

use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

/// One connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came of many requests.
pub struct Outcome {
    pub per_second: f64,
    /// Sorted.
    times: Vec<Duration>,
}

impl Outcome {
    pub fn percentile(&self, percent: usize) -> Duration {
        self.times[(self.times.len() - 1) * percent / 100]
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

    /// The size of the answer, which must be a success.
    pub async fn ask(&mut self, request: &[u8]) -> usize {
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
        let size = head + body_size(&self.buffer[..head], request);
        while self.buffer.len() < size {
            self.read().await;
        }
        size - head
    }

    async fn read(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert_ne!(read.expect("the program answers"), 0, "it hung up");
    }
}

fn body_size(head: &[u8], request: &[u8]) -> usize {
    let head = std::str::from_utf8(head).expect("a head is text");
    let status = head.split(' ').nth(1).unwrap_or_default();
    let asked = String::from_utf8_lossy(&request[..request.len().min(100)]);
    assert!(status.starts_with('2'), "{asked}: {head}");
    let size = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    size.unwrap_or(0)
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

/// Asks on so many connections for so long; `request` makes the one of a number. A pace is in
/// requests a second.
pub async fn load<F>(
    origin: &str,
    connections: usize,
    length: Duration,
    pace: Option<f64>,
    request: F,
) -> Outcome
where
    F: Fn(usize) -> Vec<u8> + Clone + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let start = Instant::now() + Duration::from_millis(50);
    for first in 0..connections {
        let (origin, request) = (origin.to_owned(), request.clone());
        tasks.spawn(async move {
            let mut connection = Connection::open(&origin).await;
            let gap = pace.map(|pace| Duration::from_secs_f64(connections as f64 / pace));
            let offset = gap
                .unwrap_or_default()
                .mul_f64(first as f64 / connections as f64);
            let mut due = gap.map(|gap| interval_at(start + offset, gap));
            tokio::time::sleep_until(start).await;
            let mut times = Vec::new();
            for number in (first..).step_by(connections) {
                // A timer is late by up to a millisecond, which is not the program's.
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
    let mut times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let elapsed = start.elapsed().max(length);
    times.sort();
    Outcome {
        per_second: times.len() as f64 / elapsed.as_secs_f64(),
        times,
    }
}
