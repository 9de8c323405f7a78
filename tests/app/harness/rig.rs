//! The program under faults: with settings of the test's own, and a client that expects anything.

use super::Engine;
use super::database::TestDatabase;
use super::program::{self, Served};
use super::proxy::{Mode, Proxy};
use reqwest::Method;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::Command;

/// 5 s by the design, and what a busy machine needs beside.
pub const LATEST: Duration = Duration::from_secs(6);

pub struct Rig {
    /// First to go: it uses the others.
    pub served: Served,
    pub client: Client,
    pub folder: TempDir,
    url: String,
    settings: Vec<(String, String)>,
}

impl Rig {
    /// Serves the database of this address.
    pub async fn start(url: &str, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
        let settings: Vec<(String, String)> = settings.iter().map(owned).collect();
        let served = Served::start(&mut command(&folder, url, &settings, &["serve"])).await;
        Self {
            client: Client::of(&served.origin),
            served,
            folder,
            url: url.into(),
            settings,
        }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        command(&self.folder, &self.url, &self.settings, args)
    }

    /// Kills it, and starts it again on the same database.
    pub async fn kill_and_restart(&mut self) {
        self.served.stop("KILL").await;
        self.served = Served::start(&mut self.command(&["serve"])).await;
        *self.client.origin() = self.served.origin.clone();
    }
}

fn command(folder: &TempDir, url: &str, settings: &[(String, String)], args: &[&str]) -> Command {
    let mut command = program::program(args);
    command.current_dir(folder.path()).env("DATABASE_URL", url);
    // As a flag: from the environment it would mean a platform, and listen to the whole world.
    command.args(["--port", "0"]);
    command.envs(settings.iter().cloned());
    command
}

/// A fresh PostgreSQL database behind a proxy, and the program on it.
pub async fn behind_proxy(mode: Mode, settings: &[(&str, &str)]) -> (Rig, Proxy, TestDatabase) {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let database = TestDatabase::new(Engine::Postgres, folder.path()).await;
    let proxy = Proxy::start(&database.url, mode).await;
    let rig = Rig::start(&proxy.url(&database.url), settings).await;
    (rig, proxy, database)
}

/// What a client has heard, if anything.
#[derive(Clone, Debug)]
pub struct Heard {
    asked: String,
    pub at: Instant,
    pub took: Duration,
    /// `None`: the connection broke.
    pub status: Option<u16>,
    pub retry_after: bool,
    pub body: String,
}

impl Heard {
    pub fn is_ok(&self) -> bool {
        self.status == Some(200)
    }

    /// An answer, or a request to come again; both in time.
    pub fn must_be_fair(&self) {
        let fair = self.is_ok() || (self.status == Some(503) && self.retry_after);
        assert!(fair && self.took <= LATEST, "{}: {self:?}", self.asked);
    }

    pub fn must_be_busy(&self) {
        self.must_be_fair();
        assert_eq!(self.status, Some(503), "{}: {self:?}", self.asked);
    }

    pub fn must_be_ok(&self) {
        let fair = self.is_ok() && self.took <= LATEST;
        assert!(fair, "{}: {self:?}", self.asked);
    }
}

#[derive(Clone)]
pub struct Client {
    origin: Arc<Mutex<String>>,
    http: reqwest::Client,
}

impl Client {
    pub fn of(origin: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy();
        let http = http.timeout(Duration::from_secs(20)).build();
        Self {
            origin: Arc::new(Mutex::new(origin.into())),
            http: http.expect("a client needs nothing"),
        }
    }

    /// Where the program is now.
    pub fn origin(&self) -> std::sync::MutexGuard<'_, String> {
        self.origin.lock().expect("nobody panics while holding it")
    }

    pub async fn get(&self, path: &str) -> Heard {
        self.send(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Heard {
        self.send(Method::PUT, path, Some(body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Heard {
        let url = format!("{}{path}", *self.origin());
        let mut request = self.http.request(method.clone(), url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let at = Instant::now();
        let answer = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let retry_after = response.headers().contains_key("retry-after");
            Ok::<_, reqwest::Error>((status, retry_after, response.text().await?))
        };
        let answer = answer.await;
        let (status, retry_after, body) = match answer {
            Ok((status, retry_after, body)) => (Some(status), retry_after, body),
            Err(cause) => (None, false, format!("{cause:?}")),
        };
        Heard {
            asked: format!("{method} {path}"),
            took: at.elapsed(),
            at,
            status,
            retry_after,
            body,
        }
    }

    /// How long it takes until this is answered with 200.
    pub async fn recovers(&self, path: &str, within: Duration) -> Duration {
        self.again(within, async || self.get(path).await).await
    }

    /// The same of a write.
    pub async fn takes_again(&self, path: &str, body: &Value, within: Duration) -> Duration {
        self.again(within, async || self.put(path, body).await)
            .await
    }

    async fn again(&self, within: Duration, ask: impl AsyncFn() -> Heard) -> Duration {
        let started = Instant::now();
        loop {
            let heard = ask().await;
            let took = started.elapsed();
            assert!(
                took <= within,
                "not back within {within:?}, {took:?}: {heard:?}"
            );
            if heard.is_ok() {
                return took;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The value that so many hundredths of them do not exceed.
pub fn percentile(hundredths: usize, times: impl IntoIterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort();
    times
        .get(times.len() * hundredths / 100)
        .or(times.last())
        .copied()
        .unwrap_or_default()
}
