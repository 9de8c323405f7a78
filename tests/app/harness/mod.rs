//! What every test stands on: the real program, served on a free port from a fresh database.
//!
//! [`postgres`] gives the one engine, a file the other; [`TestApp`] is the program in the hands of
//! a user, [`payloads`] are what the provider would send, [`writes`] what clients do, [`tables`]
//! what was kept.

pub mod browser;
pub mod cluster;
pub mod database;
pub mod files;
pub mod import;
pub mod payloads;
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod recorder;
pub mod rig;
pub mod tables;
pub mod writes;

pub use database::Engine;
pub use files::{gzip, workspace};
pub use import::Account;
pub use payloads::{Payload, page, payload};

use database::TestDatabase;
use program::{Ended, Served};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

/// Writes a test once and runs it on both engines, each time on a fresh database.
macro_rules! on_both_engines {
    ($(#[$about:meta])* async fn $name:ident($app:ident: TestApp) $body:block) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                rule(TestApp::start(Engine::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                rule(TestApp::start(Engine::Postgres).await).await;
            }

            $(#[$about])*
            async fn rule($app: TestApp) $body
        }
    };
}
pub(crate) use on_both_engines;

pub struct TestApp {
    pub engine: Engine,
    /// First to go: it uses the others.
    pub served: Served,
    pub database: TestDatabase,
    /// Commands run in it, so that two apps name their files alike.
    pub folder: TempDir,
    client: reqwest::Client,
}

impl TestApp {
    pub async fn start(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let database = TestDatabase::new(engine, folder.path()).await;
        let mut serve = command(&database, &folder, &["serve", "--port", "0"]);
        Self {
            engine,
            served: Served::start(&mut serve).await,
            database,
            folder,
            client: client(),
        }
    }

    /// A second one of its kind, to compare with.
    pub async fn another(&self) -> Self {
        Self::start(self.engine).await
    }

    /// A command line of the program on this library.
    pub fn command(&self, args: &[&str]) -> Command {
        command(&self.database, &self.folder, args)
    }

    /// Runs a command of the program on this library.
    pub async fn run(&self, args: &[&str]) -> Ended {
        program::run(&mut self.command(args)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// The answer to a read that succeeds.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.served.origin);
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the program answers");
        Answer::of(response).await
    }

    /// The ids of a kept list, best first.
    pub async fn list(&self, date: &str, range: &str) -> Vec<String> {
        let list = self.json(&format!("/api/snapshots/{date}/{range}")).await;
        texts(&list["items"], "track_id")
    }
}

/// What the program answered to a request.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.expect("the answer arrives whole"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|cause| panic!("{cause} in the answer {}", self.body))
    }

    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value
            .transpose()
            .expect("a header is text")
            .unwrap_or_default()
    }

    /// The answer as a problem of this status, which names this field.
    pub fn problem(&self, status: u16, field: Option<&str>) -> Value {
        let problem = self.json();
        assert_eq!(self.status, status, "{problem}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["field"].as_str(), field, "{problem}");
        assert_ne!(problem["request_id"], "");
        problem
    }
}

/// One member of each item, as text.
pub fn texts(items: &Value, member: &str) -> Vec<String> {
    let items = items.as_array().expect("a list of items");
    let text = |item: &Value| item[member].as_str().expect("a text").to_owned();
    items.iter().map(text).collect()
}

fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().expect("a client needs nothing")
}

fn command(database: &TestDatabase, folder: &TempDir, args: &[&str]) -> Command {
    let mut command = program::program(args);
    command
        .env("DATABASE_URL", &database.url)
        .current_dir(folder.path());
    command
}
