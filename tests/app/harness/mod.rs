//! The test harness: the real program, serving on a free port from a fresh database.
//!
//! [`TestApp`] is the running program and a [`client`] of it. [`postgres`] provides the PostgreSQL
//! server; SQLite needs a file only. [`payloads`] builds what the provider sends, and [`tables`]
//! reads what was stored.

pub mod browser;
pub mod client;
pub mod cluster;
pub mod database;
pub mod files;
pub mod import;
pub mod load;
pub mod pages;
pub mod payloads;
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod response;
pub mod tables;
pub mod writer;
pub mod writes;

pub use client::{Client, JSON};
pub use database::Engine;
pub use files::{gzip, workspace};
pub use import::Account;
pub use pages::must_have;
pub use payloads::{Payload, page, payload};
pub use response::Response;

use database::TestDatabase;
use program::{Output, Server};
use proxy::{Mode, Proxy};
use serde_json::Value;
use std::ops::Deref;
use tempfile::TempDir;
use tokio::process::Command;

/// Defines one test for both engines. Each run has a fresh database.
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
    /// Dropped first, because it uses the database and the folder.
    pub server: Server,
    pub database: TestDatabase,
    /// The working directory of every command. Two apps can use the same file names.
    pub folder: TempDir,
    pub client: Client,
    settings: Vec<(String, String)>,
}

/// The methods of its [`Client`] are the app's own.
impl Deref for TestApp {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl TestApp {
    pub async fn start(engine: Engine) -> Self {
        Self::with_settings(engine, &[]).await
    }

    pub async fn with_settings(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let folder = new_folder();
        let database = TestDatabase::new(engine, folder.path()).await;
        Self::serve(database, folder, settings).await
    }

    /// Serves a database that is not dropped with the app.
    pub async fn on(url: &str) -> Self {
        Self::serve(TestDatabase::at(url), new_folder(), &[]).await
    }

    /// Serves a fresh PostgreSQL database through a proxy. [`Self::database`] bypasses the proxy.
    pub async fn behind_proxy(mode: Mode, settings: &[(&str, &str)]) -> (Self, Proxy) {
        let folder = new_folder();
        let database = TestDatabase::new(Engine::Postgres, folder.path()).await;
        let proxy = Proxy::start(&database.url, mode).await;
        let url = proxy.url(&database.url);
        let settings = [&[("DATABASE_URL", url.as_str())], settings].concat();
        (Self::serve(database, folder, &settings).await, proxy)
    }

    async fn serve(database: TestDatabase, folder: TempDir, settings: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
        let settings: Vec<_> = settings.iter().map(owned).collect();
        let server = Server::start(&mut serve(&database, &folder, &settings)).await;
        Self {
            engine: database.engine,
            client: Client::new(&server.origin),
            server,
            database,
            folder,
            settings,
        }
    }

    /// Another app on the same engine.
    pub async fn another(&self) -> Self {
        Self::start(self.engine).await
    }

    /// Another server process on the same database.
    pub async fn another_server(&self, settings: &[(&str, &str)]) -> Server {
        let mut serve = serve(&self.database, &self.folder, &self.settings);
        Server::start(serve.envs(settings.iter().copied())).await
    }

    /// Kills the program and starts it with further settings.
    pub async fn restart_with(&mut self, settings: &[(&str, &str)]) {
        let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
        self.settings.extend(settings.iter().map(owned));
        self.kill_and_restart().await;
    }

    pub async fn kill_and_restart(&mut self) {
        self.server.stop("KILL").await;
        self.server = self.another_server(&[]).await;
        self.client.set_origin(&self.server.origin);
    }

    /// A command line of the program on this database.
    pub fn command(&self, args: &[&str]) -> Command {
        command(&self.database, &self.folder, &self.settings, args)
    }

    /// Runs a command of the program on this database.
    pub async fn run(&self, args: &[&str]) -> Output {
        program::run(&mut self.command(args)).await
    }

    /// The ids of a stored list, by rank.
    pub async fn list(&self, date: &str, range: &str) -> Vec<String> {
        let list = self.json(&format!("/api/snapshots/{date}/{range}")).await;
        texts(&list["items"], "track_id")
    }
}

fn new_folder() -> TempDir {
    tempfile::tempdir().expect("the temporary folder is writable")
}

/// The port is a flag: with `PORT` in the environment the program would listen on all interfaces.
fn serve(database: &TestDatabase, folder: &TempDir, settings: &[(String, String)]) -> Command {
    command(database, folder, settings, &["serve", "--port", "0"])
}

fn command(
    database: &TestDatabase,
    folder: &TempDir,
    settings: &[(String, String)],
    args: &[&str],
) -> Command {
    let mut command = program::program(args);
    command
        .env("DATABASE_URL", &database.url)
        .envs(settings.iter().cloned())
        .current_dir(folder.path());
    command
}

/// One member of each item, as text.
pub fn texts(items: &Value, member: &str) -> Vec<String> {
    let items = items.as_array().expect("a list of items");
    let text = |item: &Value| item[member].as_str().expect("a text").to_owned();
    items.iter().map(text).collect()
}
