//! Start and stop of the program, and its log.

use crate::harness::program::{BINARY, Server, isolate, program, run};
use crate::harness::{Client, Engine, TestApp, files, on_both_engines};
use std::collections::BTreeMap;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::process::Command;

on_both_engines! {
async fn after_sigterm_or_sigint_the_program_exits_with_0_and_frees_its_port(app: TestApp) {
    for signal in ["TERM", "INT"] {
        let mut server = app.another_server(&[]).await;
        let port = server.origin.rsplit(':').next().expect("a port").to_owned();

        let code = server.stop(signal).await;

        assert_eq!(code, Some(0), "{signal}: {}", server.log());
        let rebound = TcpListener::bind(format!("127.0.0.1:{port}")).await;
        assert!(rebound.is_ok(), "port {port} is free after {signal}");
    }
}
}

on_both_engines! {
async fn with_log_format_json_every_line_is_a_json_object(app: TestApp) {
    let server = app.another_server(&[("LOG_FORMAT", "json")]).await;

    let log = server.log();
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a line is an object");
        assert!(event["message"].is_string() && event["level"].is_string(), "{line}");
    }
    assert!(log.contains("listening on http://127.0.0.1:"), "{log}");
}
}

on_both_engines! {
async fn on_all_addresses_the_log_names_one_that_a_browser_opens(app: TestApp) {
    for host in ["0.0.0.0", "::"] {
        let server = app.another_server(&[("HOST", host)]).await;

        let line = format!("listening on {} and on all other addresses", server.origin);
        assert!(server.log().contains(&line), "{}", server.log());
    }
}
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("there is a free port");
    let port = taken
        .local_addr()
        .expect("a listener has an address")
        .port()
        .to_string();
    let folder = tempfile::tempdir().expect("the temporary folder is writable");

    let output = run(program(["serve", "--port", &port]).current_dir(&folder)).await;

    assert_eq!(output.code, Some(1));
    assert!(
        output.stderr.contains("PORT") && output.stderr.contains(&port),
        "{}",
        output.stderr
    );
}

/// The commands of the Procfile by name.
fn procfile() -> BTreeMap<String, String> {
    let text = files::workspace_text("Procfile");
    serde_yaml::from_str(&text).expect("each line is a name and a command")
}

/// Runs a command of the Procfile in a folder, as a platform does.
fn platform_command(line: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec {line}")]);
    isolate(&mut command);
    command
        .current_dir(folder)
        .env("PORT", "0")
        .env("DATABASE_URL", "sqlite://library.db");
    command
}

#[tokio::test]
async fn the_procfile_finds_the_program_in_both_folders_of_platforms() {
    let lines = procfile();
    assert_eq!(lines.keys().collect::<Vec<_>>(), ["release", "web"]);

    for bin in ["bin", "target/release"] {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let bin = folder.path().join(bin);
        std::fs::create_dir_all(&bin).expect("the folder is writable");
        std::os::unix::fs::symlink(BINARY, bin.join("music-time-machine")).expect("a link");

        let release = run(&mut platform_command(&lines["release"], folder.path())).await;
        let mut web = Server::start(&mut platform_command(&lines["web"], folder.path())).await;

        assert_eq!(release.code, Some(0), "{}", release.stderr);
        let live = Client::new(&web.origin).get("/livez").await;
        assert_eq!(live.status, 200);
        assert_eq!(web.stop("TERM").await, Some(0), "{}", web.log());
    }
}
