//! A PostgreSQL server for one test, which the test can kill and restart.

use super::postgres::{command, give_to_account, watch};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Cluster {
    /// A child process, so that the test notices when it has ended.
    pub server: Child,
    pub folder: TempDir,
    settings: &'static [&'static str],
}

impl Cluster {
    /// A server with PostgreSQL's durable defaults.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with more settings, as in `shared_buffers=1GB`.
    pub async fn with(settings: &'static [&'static str]) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        give_to_account(folder.path());
        let mut init = command(folder.path(), "initdb");
        init.args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C", "--no-sync"]);
        assert!(init.status().expect("initdb starts").success());
        let mut cluster = Self {
            server: server(&folder, settings),
            folder,
            settings,
        };
        watch(cluster.folder.path(), std::process::id());
        cluster.wait_until_ready().await;
        cluster
    }

    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost/postgres?host={folder}")
    }

    /// Kills the server as a crash would. Its data stay on disk.
    pub fn kill(&mut self) {
        self.server.kill().expect("the server is a child");
        self.server.wait().expect("the server is a child");
    }

    /// Returns when the server accepts connections again.
    pub async fn restart(&mut self) {
        self.server = server(&self.folder, self.settings);
        self.wait_until_ready().await;
    }

    async fn wait_until_ready(&mut self) {
        let started = Instant::now();
        loop {
            // A killed server's backends keep its shared memory for a moment. A start fails meanwhile.
            if self
                .server
                .try_wait()
                .expect("the server is a child")
                .is_some()
            {
                self.server = server(&self.folder, self.settings);
            }
            let mut check = command(self.folder.path(), "pg_isready");
            check.arg("-q").arg("-h").arg(self.folder.path());
            if check.status().is_ok_and(|status| status.success()) {
                return;
            }
            assert!(started.elapsed() < TIMEOUT, "the server does not get ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let quit = format!("kill -QUIT {}", self.server.id());
        let _ = Command::new("sh")
            .args(["-c", &quit])
            .stderr(Stdio::null())
            .status();
        let _ = self.server.wait();
    }
}

fn server(folder: &TempDir, settings: &[&str]) -> Child {
    let mut server = command(folder.path(), "postgres");
    server
        .arg("-k")
        .arg(folder.path())
        .args(["-c", "listen_addresses="]);
    server.args(["-c", "synchronous_commit=on", "-c", "full_page_writes=on"]);
    for setting in settings {
        server.args(["-c", setting]);
    }
    server.spawn().expect("PostgreSQL starts")
}
