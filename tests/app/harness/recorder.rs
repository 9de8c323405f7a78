//! Clients that read and write all the time, and remember what was acknowledged.

use super::rig::{Client, Heard};
use super::{page, payload, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

const READS: [&str; 6] = [
    "/api/summary",
    "/api/release-year-distribution",
    "/api/tracks?limit=20",
    "/api/snapshots",
    "/api/captures?limit=10",
    "/dashboard",
];
/// Tracks on a list that is put whole.
const LENGTH: usize = 20;
/// None of these clients expects to wait as long.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Load {
    tasks: Vec<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
    shared: Arc<Mutex<Record>>,
}

/// What was heard, and what must be there now.
#[derive(Default)]
pub struct Record {
    pub heard: Vec<Heard>,
    writers: Vec<Writer>,
}

/// Each writes one thing of its own again and again, so that the order of its writes is known.
#[derive(Clone, Default)]
struct Writer {
    number: usize,
    sent: usize,
    acknowledged: usize,
    /// Sent, and nobody knows what became of them.
    unknown: BTreeSet<usize>,
}

impl Load {
    pub async fn start(client: &Client, readers: usize, writers: usize) -> Self {
        let mut load = Self {
            tasks: Vec::new(),
            stopping: Arc::default(),
            shared: Arc::default(),
        };
        for number in 0..writers {
            let writer = Writer {
                number,
                ..Default::default()
            };
            client.put(&writer.track(), &named(0)).await.must_be_ok();
            load.record().writers.push(writer.clone());
            load.tasks
                .push(tokio::spawn(write(client.clone(), writer, load.handle())));
        }
        for number in 0..readers {
            load.tasks
                .push(tokio::spawn(read(client.clone(), number, load.handle())));
        }
        load
    }

    fn handle(&self) -> (Arc<AtomicBool>, Arc<Mutex<Record>>) {
        (self.stopping.clone(), self.shared.clone())
    }

    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.shared.lock().expect("nobody panics while holding it")
    }

    /// Lets every client finish what it is at.
    pub async fn stop(self) -> Record {
        self.stopping.store(true, Ordering::SeqCst);
        for task in self.tasks {
            let ended = tokio::time::timeout(PATIENCE, task).await;
            ended
                .expect("no request hangs")
                .expect("a client does not panic");
        }
        std::mem::take(&mut *self.shared.lock().expect("nobody panics while holding it"))
    }
}

async fn read(
    client: Client,
    number: usize,
    (stopping, shared): (Arc<AtomicBool>, Arc<Mutex<Record>>),
) {
    let mut turn = number;
    while !stopping.load(Ordering::SeqCst) {
        let heard = client.get(READS[turn % READS.len()]).await;
        shared.lock().expect("nobody panics").heard.push(heard);
        turn += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn write(
    client: Client,
    mut writer: Writer,
    (stopping, shared): (Arc<AtomicBool>, Arc<Mutex<Record>>),
) {
    while !stopping.load(Ordering::SeqCst) {
        writer.sent += 1;
        let heard = client.put(&writer.path(), &writer.body(writer.sent)).await;
        if heard.is_ok() {
            writer.acknowledged = writer.sent;
        } else {
            writer.unknown.insert(writer.sent);
        }
        enter(&shared, &writer, heard);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn enter(shared: &Mutex<Record>, writer: &Writer, heard: Heard) {
    let mut record = shared.lock().expect("nobody panics while holding it");
    record.writers[writer.number] = writer.clone();
    record.heard.push(heard);
}

fn named(number: usize) -> Value {
    json!({ "name": format!("{number}"), "artist_name": "Anybody" })
}

impl Writer {
    fn track(&self) -> String {
        format!("/api/tracks/writer{}", self.number)
    }

    /// Most put ranks; of five one puts its track, and one a list.
    fn path(&self) -> String {
        match self.number % 5 {
            3 => self.track(),
            4 => format!("/api/snapshots/2026-01-{:02}/long_term", self.number + 1),
            _ => format!("/api/snapshots/2026-02-01/short_term/writer{}", self.number),
        }
    }

    fn body(&self, number: usize) -> Value {
        match self.number % 5 {
            3 => named(number),
            4 => page(self.list(number).iter().map(|id| payload(id))),
            _ => json!({ "rank": rank(number) }),
        }
    }

    /// Each list is told from the one before by its order.
    fn list(&self, number: usize) -> Vec<String> {
        (0..LENGTH)
            .map(|place| format!("list{}x{}", self.number, (number + place) % LENGTH))
            .collect()
    }

    async fn must_be_kept(&self, client: &Client, late: bool) {
        let (number, acknowledged) = (self.number, self.acknowledged);
        if acknowledged == 0 {
            return;
        }
        let may_be = self
            .unknown
            .iter()
            .copied()
            .filter(|sent| late || *sent > acknowledged)
            .chain([acknowledged]);
        let (kept, may_be): (Value, Vec<Value>) = match number % 5 {
            3 => (
                json(client, &self.track()).await["name"].clone(),
                may_be.map(|sent| sent.to_string().into()).collect(),
            ),
            4 => {
                let kept = json(client, &self.path()).await;
                (
                    texts(&kept["items"], "track_id").into(),
                    may_be.map(|sent| self.list(sent).into()).collect(),
                )
            }
            _ => {
                let history = json(client, &format!("{}/history", self.track())).await;
                let kept = history["items"][0]["rank"].as_u64().unwrap_or(0);
                (kept.into(), may_be.map(|sent| rank(sent).into()).collect())
            }
        };
        assert!(
            may_be.contains(&kept),
            "writer {number} has {kept} where {acknowledged} was acknowledged, unknown {:?}",
            self.unknown
        );
    }
}

fn rank(number: usize) -> usize {
    number % 10_000 + 1
}

async fn json(client: &Client, path: &str) -> Value {
    let heard = client.get(path).await;
    heard.must_be_ok();
    serde_json::from_str(&heard.body).expect("an answer is JSON")
}

impl Record {
    /// Each thing is as its last acknowledged write left it, or a later one of unknown outcome.
    pub async fn must_be_kept(&self, client: &Client) {
        for writer in &self.writers {
            writer.must_be_kept(client, false).await;
        }
    }

    /// The same where a write may have been held on its way, and carried out behind a later one.
    pub async fn must_be_kept_or_overtaken(&self, client: &Client) {
        for writer in &self.writers {
            writer.must_be_kept(client, true).await;
        }
    }

    /// Every request was answered, in time, with 200 or a request to come again.
    pub fn must_be_fair(&self) {
        for heard in &self.heard {
            heard.must_be_fair();
        }
    }

    pub fn acknowledged(&self) -> usize {
        self.writers
            .iter()
            .map(|writer| writer.acknowledged - writer.unknown_before())
            .sum()
    }

    pub fn latest(&self) -> Duration {
        self.heard
            .iter()
            .map(|heard| heard.took)
            .max()
            .unwrap_or_default()
    }

    pub fn refused(&self) -> usize {
        self.heard.iter().filter(|heard| !heard.is_ok()).count()
    }
}

impl Writer {
    fn unknown_before(&self) -> usize {
        self.unknown.range(..=self.acknowledged).count()
    }
}
