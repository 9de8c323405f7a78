//! Starts the built binary in a clean environment.

use super::client::install_tls;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

pub const BINARY: &str = env!("CARGO_BIN_EXE_music-time-machine");

/// For a start, a stop and a whole command.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Precedes the address in the log.
const LISTENING: &str = "listening on http://";

/// A command line of the program.
pub fn program(args: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args);
    isolate(&mut command);
    command
}

/// Clears the environment, and kills the process if the test drops it.
pub fn isolate(command: &mut Command) {
    command.env_clear().kill_on_drop(true).stdin(Stdio::null());
    for name in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
}

/// The result of a command.
#[derive(Debug)]
pub struct Output {
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end.
pub async fn run(command: &mut Command) -> Output {
    let output = timeout(TIMEOUT, command.output())
        .await
        .expect("the command ends in time");
    let output = output.expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Output {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A process of the program that serves HTTP.
pub struct Server {
    /// As in `http://127.0.0.1:40123`.
    pub origin: String,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Returns when the server listens.
    pub async fn start(command: &mut Command) -> Self {
        install_tls(); // for `reqwest::get`
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let mut log = String::new();
        let address = timeout(TIMEOUT, read_address(&mut lines, &mut log)).await;
        let address = address
            .expect("the program listens in time")
            .unwrap_or_else(|| panic!("the program ended before it listened: {log}"));
        let log = Arc::new(Mutex::new(log));
        tokio::spawn(collect_log(lines, log.clone()));
        let port = address.rsplit(':').next().expect("an address has a port");
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            child,
            log,
        }
    }

    /// Host and port, for a socket of the test's own.
    pub fn address(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no holder panics").clone()
    }

    pub fn process_id(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// Sends a signal and waits for the exit code.
    pub async fn stop(&mut self, signal: &str) -> Option<i32> {
        send_signal(signal, self.process_id()).await;
        let status = timeout(TIMEOUT, self.child.wait()).await;
        status
            .expect("the program stops in time")
            .expect("the process is a child")
            .code()
    }
}

/// Sends a signal by name, as in `TERM`.
pub async fn send_signal(signal: &str, process_id: u32) {
    let line = format!("kill -{signal} {process_id}");
    let status = Command::new("sh").args(["-c", &line]).status().await;
    assert!(status.expect("there is a shell").success(), "{line}");
}

async fn read_address(
    lines: &mut Lines<BufReader<ChildStderr>>,
    log: &mut String,
) -> Option<String> {
    while let Some(line) = lines.next_line().await.ok()? {
        log.push_str(&line);
        log.push('\n');
        if let Some((_, address)) = line.split_once(LISTENING) {
            let end = address.find(|c: char| c == '"' || c.is_whitespace());
            return Some(address[..end.unwrap_or(address.len())].into());
        }
    }
    None
}

/// Drains the pipe: the program blocks when it is full.
async fn collect_log(mut lines: Lines<BufReader<impl AsyncRead + Unpin>>, log: Arc<Mutex<String>>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let mut log = log.lock().expect("no holder panics");
        log.push_str(&line);
        log.push('\n');
    }
}
