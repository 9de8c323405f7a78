//! A PostgreSQL server of a test's own, to be killed and started again.

use super::postgres::{account, programs, watch};
use std::fs::File;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Cluster {
    /// A child of ours: one that was killed could otherwise not be told from one that runs.
    pub server: Child,
    pub folder: TempDir,
    settings: &'static [&'static str],
}

impl Cluster {
    /// Its data are on the disk when it says so.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with settings, as in `shared_buffers=1GB`.
    pub async fn with(settings: &'static [&'static str]) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        if let Some((uid, gid)) = account(folder.path()) {
            chown(folder.path(), Some(uid), Some(gid)).expect("root may give files away");
        }
        let mut init = command(&folder, "initdb");
        init.args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C", "--no-sync"]);
        assert!(init.status().expect("initdb can be run").success());
        let mut cluster = Self {
            server: server(&folder, settings),
            folder,
            settings,
        };
        watch(cluster.folder.path(), std::process::id());
        cluster.must_answer().await;
        cluster
    }

    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost/postgres?host={folder}")
    }

    /// As a power cut would, save that the disk lives on.
    pub fn kill(&mut self) {
        self.server.kill().expect("it is a child");
        self.server.wait().expect("it is a child");
    }

    /// Starts it again, and returns when it lets clients in.
    pub async fn restart(&mut self) {
        self.server = server(&self.folder, self.settings);
        self.must_answer().await;
    }

    async fn must_answer(&mut self) {
        let started = Instant::now();
        loop {
            // The processes of one that was killed need a moment to notice, and hold its memory.
            if self.server.try_wait().expect("it is a child").is_some() {
                self.server = server(&self.folder, self.settings);
            }
            let mut asked = command(&self.folder, "pg_isready");
            asked.arg("-q").arg("-h").arg(self.folder.path());
            if asked
                .env_remove("PGDATA")
                .status()
                .is_ok_and(|status| status.success())
            {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not answer");
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
    let mut server = command(folder, "postgres");
    server
        .arg("-k")
        .arg(folder.path())
        .args(["-c", "listen_addresses="]);
    server.args(["-c", "synchronous_commit=on", "-c", "full_page_writes=on"]);
    for setting in settings {
        server.args(["-c", setting]);
    }
    server.spawn().expect("PostgreSQL can be started")
}

fn command(folder: &TempDir, program: &str) -> Command {
    let programs = programs().expect("PostgreSQL is installed");
    let mut command = Command::new(programs.join(program));
    if let Some((uid, gid)) = account_of(folder) {
        command.uid(uid).gid(gid);
    }
    let log = File::options()
        .append(true)
        .create(true)
        .open(folder.path().join("log"));
    let log = log.expect("the folder can be written");
    command
        .env("PGDATA", folder.path().join("data"))
        .current_dir(folder.path())
        .process_group(0)
        .stdin(Stdio::null())
        .stderr(log.try_clone().expect("a file"))
        .stdout(log);
    command
}

/// Whose folder it is, when it is not ours.
fn account_of(folder: &TempDir) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(folder.path()).expect("the folder is there");
    let ours = std::fs::metadata("/proc/self").map(|about| about.uid());
    let root = ours.is_ok_and(|uid| uid == 0);
    root.then(|| (about.uid(), about.gid()))
}
