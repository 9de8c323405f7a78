//! How the program starts and ends, by hand and on a platform.

use crate::harness::program::{BINARY, Server, isolate, program, run};
use crate::harness::{Client, Engine, TestApp, files, on_both_engines};
use std::collections::BTreeMap;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::process::Command;

on_both_engines! {
async fn it_ends_well_when_it_is_told_to(app: TestApp) {
    for signal in ["TERM", "INT"] {
        let mut served = app.another_server(&[]).await;
        let port = served.origin.rsplit(':').next().expect("a port").to_owned();

        let code = served.stop(signal).await;

        assert_eq!(code, Some(0), "{signal}: {}", served.log());
        let again = TcpListener::bind(format!("127.0.0.1:{port}")).await;
        assert!(again.is_ok(), "port {port} is free after {signal}");
    }
}
}

on_both_engines! {
async fn its_log_can_be_read_by_programs(app: TestApp) {
    let served = app.another_server(&[("LOG_FORMAT", "json")]).await;

    let log = served.log();
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a line is an object");
        assert!(event["message"].is_string() && event["level"].is_string(), "{line}");
    }
    assert!(log.contains("listening on http://127.0.0.1:"), "{log}");
}
}

#[tokio::test]
async fn a_port_that_is_taken_stops_the_start_and_says_so() {
    let taken = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("there is a free port");
    let port = taken
        .local_addr()
        .expect("it has an address")
        .port()
        .to_string();
    let folder = tempfile::tempdir().expect("the temporary folder can be written");

    let ended = run(program(["serve", "--port", &port]).current_dir(&folder)).await;

    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("PORT") && ended.stderr.contains(&port),
        "{}",
        ended.stderr
    );
}

/// The lines of the Procfile, as a platform reads them.
fn procfile() -> BTreeMap<String, String> {
    let text = files::workspace_text("Procfile");
    serde_yaml::from_str(&text).expect("each line is a name and a command")
}

/// A command of the Procfile in a folder, as a platform starts it.
fn start(line: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec {line}")]);
    isolate(&mut command);
    command
        .current_dir(folder)
        .env("PORT", "0")
        .env("DATABASE_URL", "sqlite://kept.db");
    command
}

#[tokio::test]
async fn the_procfile_finds_the_program_wherever_a_platform_puts_it() {
    let lines = procfile();
    assert_eq!(lines.keys().collect::<Vec<_>>(), ["release", "web"]);

    for place in ["bin", "target/release"] {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let place = folder.path().join(place);
        std::fs::create_dir_all(&place).expect("it can be made");
        std::os::unix::fs::symlink(BINARY, place.join("music-time-machine")).expect("a link");

        let release = run(&mut start(&lines["release"], folder.path())).await;
        let mut web = Server::start(&mut start(&lines["web"], folder.path())).await;

        assert_eq!(release.code, Some(0), "{}", release.stderr);
        let live = Client::new(&web.origin).get("/livez").await;
        assert_eq!(live.status, 200);
        assert_eq!(web.stop("TERM").await, Some(0), "{}", web.log());
    }
}
