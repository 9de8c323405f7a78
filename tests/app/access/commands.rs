//! The commands of the owner.

use super::{OTHER_PASSWORD, PASSWORD, with_an_owner};
use crate::harness::program::Output;
use crate::harness::{Engine, TestApp, on_both_engines};
use reqwest::Method;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

impl TestApp {
    /// Runs a command that reads this text from standard input.
    pub async fn run_with_input(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin
            .write_all(format!("{input}\n").as_bytes())
            .await
            .expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().await.expect("it ends");
        Output {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

on_both_engines! {
async fn a_forgotten_password_is_reset_at_the_machine(app: TestApp) {
    app.set_up_with(PASSWORD).await;
    let session = app.sign_in(PASSWORD).await;

    let short = app.run_with_input(&["reset-password"], "short").await;
    assert_eq!(short.code, Some(1));
    assert!(short.stderr.contains("15 characters"), "{}", short.stderr);
    let reset = app.run_with_input(&["reset-password"], OTHER_PASSWORD).await;

    assert_eq!(reset.code, Some(0), "{}", reset.stderr);
    assert!(reset.stdout.contains("Sessions ended: 1"), "{}", reset.stdout);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", &session)]).await, 401);
    app.sign_in(OTHER_PASSWORD).await;
}
}

with_an_owner! {
async fn tokens_are_made_listed_and_revoked(app: TestApp) {
    let made = app.run(&["token", "create", "Home display", "--scopes", "read,write", "--expires-in-days", "7"]).await;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let token = made.stdout.trim_end();
    assert!(token.starts_with("mtm_") && !token.contains(char::is_whitespace), "{token}");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(app.status_with(Method::GET, "/api/summary", &headers).await, 200);

    let list = app.run(&["token", "list"]).await.stdout;
    assert!(list.contains("read write  Home display  expires on") && !list.contains(token), "{list}");
    let id = list.split(' ').next().expect("an id");
    let revoked = app.run(&["token", "revoke", id]).await;
    assert_eq!(revoked.code, Some(0), "{}", revoked.stderr);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &headers).await, 401);
    assert_eq!(app.run(&["token", "revoke", id]).await.code, Some(1));
    for wrong in [
        &["token", "create", "x", "--scopes", "all"][..],
        &["token", "create", "x"],
        &["token", "create", "", "--scopes", "read"],
        &["token", "create", "x", "--scopes", "read", "--expires-in-days", "0"],
    ] {
        assert_ne!(app.run(wrong).await.code, Some(0), "{wrong:?}");
    }
    let refused = app.run_with_input(&["reset-password"], OTHER_PASSWORD).await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("OWNER_PASSWORD"), "{}", refused.stderr);
}
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_and_is_not_shown() {
    let app = TestApp::start(Engine::Sqlite).await;
    for (name, value) in [
        ("OWNER_PASSWORD", "hush"),
        ("OWNER_PASSWORD", "$argon2id$hush"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("PUBLIC_READ", "maybe"),
        ("READ_ONLY", "perhaps"),
    ] {
        let output = app.command(&["check"]).env(name, value).output().await;
        let output = output.expect("the program starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && stderr.contains(name),
            "{name}: {stderr}"
        );
        assert!(!stderr.contains("hush"), "{stderr}");
    }
}
