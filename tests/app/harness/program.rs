//! The program as its users start it: the built binary, in an environment that holds nothing else.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

pub const BINARY: &str = env!("CARGO_BIN_EXE_music-time-machine");

/// Nothing in these tests takes as long; what does is stuck.
const PATIENCE: Duration = Duration::from_secs(120);
const GREETING: &str = "listening on http://";

/// A command line of the program.
pub fn program(args: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args);
    bare(&mut command);
    command
}

/// Takes away what the developer's shell has set, and kills what a test leaves running.
pub fn bare(command: &mut Command) {
    command.env_clear().kill_on_drop(true).stdin(Stdio::null());
    for name in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ended {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end.
pub async fn run(command: &mut Command) -> Ended {
    let output = timeout(PATIENCE, command.output())
        .await
        .expect("the command ends in time");
    let output = output.expect("the command can be started");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ended {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The program while it serves.
pub struct Served {
    /// As in `http://127.0.0.1:40123`.
    pub origin: String,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Served {
    /// Starts it and waits until it says where it listens.
    pub async fn start(command: &mut Command) -> Self {
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let mut said = String::new();
        let address = timeout(PATIENCE, greeting(&mut lines, &mut said)).await;
        let address = address
            .expect("the program listens in time")
            .unwrap_or_else(|| panic!("the program ended before it listened: {said}"));
        let log = Arc::new(Mutex::new(said));
        tokio::spawn(keep_reading(lines, log.clone()));
        let port = address.rsplit(':').next().expect("an address has a port");
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            child,
            log,
        }
    }

    /// What it has logged until now.
    pub fn log(&self) -> String {
        self.log
            .lock()
            .expect("nobody panics while holding it")
            .clone()
    }

    /// Its number among the processes.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Asks it to stop, and waits for its exit code.
    pub async fn stop(&mut self, signal: &str) -> Option<i32> {
        send(signal, self.child.id().expect("it runs")).await;
        let ended = timeout(PATIENCE, self.child.wait()).await;
        ended
            .expect("the program stops in time")
            .expect("it is a child")
            .code()
    }
}

/// Sends a signal by name, as in `TERM`.
pub async fn send(signal: &str, process: u32) {
    let line = format!("kill -{signal} {process}");
    let sent = Command::new("sh").args(["-c", &line]).status().await;
    assert!(sent.expect("there is a shell").success(), "{line}");
}

async fn greeting(lines: &mut Lines<BufReader<ChildStderr>>, said: &mut String) -> Option<String> {
    while let Some(line) = lines.next_line().await.ok()? {
        said.push_str(&line);
        said.push('\n');
        if let Some((_, address)) = line.split_once(GREETING) {
            let end = address.find(|c: char| c == '"' || c.is_whitespace());
            return Some(address[..end.unwrap_or(address.len())].into());
        }
    }
    None
}

/// A pipe that nobody reads would stop the program.
async fn keep_reading(
    mut lines: Lines<BufReader<impl AsyncRead + Unpin>>,
    log: Arc<Mutex<String>>,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        let mut log = log.lock().expect("nobody panics while holding it");
        log.push_str(&line);
        log.push('\n');
    }
}
