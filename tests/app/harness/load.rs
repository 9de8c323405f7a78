//! Clients that read and write continuously, and a record of their responses.

use super::client::Client;
use super::response::Response;
use super::writer::Writer;
use reqwest::Method;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const READS: [&str; 6] = [
    "/api/summary",
    "/api/release-year-distribution",
    "/api/tracks?limit=20",
    "/api/snapshots",
    "/api/captures?limit=10",
    "/dashboard",
];
const TIMEOUT: Duration = Duration::from_secs(30);

pub struct Load {
    tasks: Vec<JoinHandle<()>>,
    shared: Shared,
}

#[derive(Clone, Default)]
struct Shared {
    stopping: Arc<AtomicBool>,
    record: Arc<Mutex<Record>>,
}

#[derive(Default)]
pub struct Record {
    pub responses: Vec<Response>,
    /// Requests whose connection broke.
    failures: Vec<String>,
    writers: Vec<Writer>,
}

impl Load {
    pub async fn start(client: &Client, readers: usize, writers: usize) -> Self {
        let shared = Shared::default();
        let mut tasks = Vec::new();
        for number in 0..writers {
            let writer = Writer::new(number, client).await;
            shared.with_record(|record| record.writers.push(writer.clone()));
            tasks.push(tokio::spawn(write(client.clone(), writer, shared.clone())));
        }
        for number in 0..readers {
            tasks.push(tokio::spawn(read(client.clone(), number, shared.clone())));
        }
        Self { tasks, shared }
    }

    /// Waits until every client has finished its current request.
    pub async fn stop(self) -> Record {
        self.shared.stopping.store(true, Ordering::SeqCst);
        for task in self.tasks {
            let finished = timeout(TIMEOUT, task).await;
            finished
                .expect("no request hangs")
                .expect("no client panics");
        }
        self.shared.with_record(std::mem::take)
    }
}

impl Shared {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn with_record<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.record.lock().expect("no holder panics"))
    }
}

async fn read(client: Client, number: usize, shared: Shared) {
    for path in READS.iter().cycle().skip(number) {
        if shared.is_stopping() {
            return;
        }
        let result = client.try_send(Method::GET, path, &[], "").await;
        shared.with_record(|record| record.add(result));
        sleep(Duration::from_millis(50)).await;
    }
}

async fn write(client: Client, mut writer: Writer, shared: Shared) {
    while !shared.is_stopping() {
        let result = writer.write_next(&client).await;
        shared.with_record(|record| {
            record.writers[writer.number] = writer.clone();
            record.add(result);
        });
        sleep(Duration::from_millis(10)).await;
    }
}

impl Record {
    fn add(&mut self, result: Result<Response, String>) {
        match result {
            Ok(response) => self.responses.push(response),
            Err(failure) => self.failures.push(failure),
        }
    }

    /// Each stored value is the last acknowledged one, or a later one whose outcome is unknown.
    pub async fn must_be_stored(&self, client: &Client) {
        for writer in &self.writers {
            writer.must_be_stored(client, false).await;
        }
    }

    /// Accepts earlier values of unknown outcome, too. The proxy may have held such a write back and
    /// delivered it after a later one.
    pub async fn must_be_stored_in_any_order(&self, client: &Client) {
        for writer in &self.writers {
            writer.must_be_stored(client, true).await;
        }
    }

    /// Every request was answered in time: with 200, or with 503 and `Retry-After`.
    pub fn must_be_ok_or_busy(&self) {
        assert!(self.failures.is_empty(), "{:?}", self.failures);
        self.responses.iter().for_each(Response::must_be_ok_or_busy);
    }
}

impl fmt::Display for Record {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let ok = self.responses.iter().filter(|response| response.is_ok());
        let slowest = self.responses.iter().map(|response| response.took).max();
        write!(
            to,
            "{} of {} requests succeeded, {} writes acknowledged, slowest {:?}",
            ok.count(),
            self.responses.len() + self.failures.len(),
            self.writers
                .iter()
                .map(Writer::acknowledged_count)
                .sum::<usize>(),
            slowest.unwrap_or_default()
        )
    }
}
