//! The program is stopped while it works.

use super::slow_clients::closed_after;
use crate::harness::program::{BINARY, Server, isolate, send_signal};
use crate::harness::proxy::Mode;
use crate::harness::{Response, TestApp};
use reqwest::Method;
use std::net::UdpSocket;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Requests that run in the background.
fn spawn_gets(app: &TestApp, count: usize, path: &'static str) -> Vec<JoinHandle<Response>> {
    let get = |_| {
        let client = app.client.clone();
        tokio::spawn(async move { client.get(path).await })
    };
    (0..count).map(get).collect()
}

async fn responses(tasks: Vec<JoinHandle<Response>>) -> Vec<Response> {
    let mut responses = Vec::new();
    for task in tasks {
        responses.push(task.await.expect("no request panics"));
    }
    responses
}

/// Stops the server with SIGTERM. It must exit with 0 in this time.
async fn must_stop_within(server: &mut Server, limit: Duration) {
    let started = Instant::now();
    let code = server.stop("TERM").await;
    let took = started.elapsed();
    println!("stopped {took:?} after SIGTERM");
    assert_eq!(code, Some(0), "{}", server.log());
    assert!(took <= limit, "{took:?}");
}

const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn running_requests_are_answered_and_a_second_signal_changes_nothing() {
    let settings = [("DATABASE_MAX_CONNECTIONS", "50")];
    let (mut app, proxy) = TestApp::behind_proxy(Mode::Pass, &settings).await;
    proxy.set(Mode::Delay(Duration::from_millis(150)));
    let tasks = spawn_gets(&app, 50, "/api/captures");
    sleep(Duration::from_millis(400)).await;
    let running = tasks.iter().filter(|task| !task.is_finished()).count();

    let (client, process_id) = (app.client.clone(), app.server.process_id());
    let second_signal = async {
        sleep(Duration::from_millis(200)).await;
        send_signal("TERM", process_id).await;
        client.try_send(Method::GET, "/readyz", &[], "").await
    };
    let started = Instant::now();
    let stop = must_stop_within(&mut app.server, LIMIT);
    let ((), ready) = tokio::join!(stop, second_signal);

    assert!(started.elapsed() <= LIMIT, "{:?}", started.elapsed());
    assert!(running >= 40, "only {running} requests were running");
    assert!(!ready.is_ok_and(|response| response.is_ok()));
    for response in responses(tasks).await {
        response.must_be_ok();
    }
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_stop() {
    let (mut app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    let sent = [
        "",
        "GET /api/summary HTTP/1.1\r\nHost: localhost\r\n",
        "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    for sent in sent {
        let address = app.server.address().to_owned();
        tokio::spawn(async move { closed_after(&address, sent).await });
    }
    app.get("/api/summary").await.must_be_ok();
    // The database does not confirm that its connections are closed.
    proxy.set(Mode::Lose);

    must_stop_within(&mut app.server, LIMIT).await;
}

#[tokio::test]
async fn a_dead_database_does_not_delay_the_stop() {
    let (mut app, proxy) = TestApp::behind_proxy(Mode::Pass, &[]).await;
    app.get("/api/summary").await.must_be_ok();
    proxy.set(Mode::Lose);
    let tasks = spawn_gets(&app, 20, "/api/summary");
    sleep(Duration::from_millis(500)).await;

    must_stop_within(&mut app.server, LIMIT).await;

    for response in responses(tasks).await {
        response.must_be_busy();
    }
}

/// A server whose DNS queries get no reply. This needs root.
async fn start_without_dns(folder: &std::path::Path) -> Option<(Server, UdpSocket)> {
    let mut probe = Command::new("unshare");
    let probe = probe.args(["-m", "true"]).output().await;
    let silent_dns = UdpSocket::bind("127.0.0.99:53").ok()?;
    if !probe.is_ok_and(|output| output.status.success()) {
        return None;
    }
    std::fs::write(folder.join("resolv.conf"), "nameserver 127.0.0.99\n")
        .expect("the folder is writable");
    let line = format!("mount --bind resolv.conf /etc/resolv.conf && exec {BINARY} serve --port 0");
    let mut serve = Command::new("unshare");
    serve.args(["-m", "sh", "-c", &line]);
    isolate(&mut serve);
    serve
        .current_dir(folder)
        .env("DATABASE_URL", "postgres://a@database.example/a");
    Some((Server::start(&mut serve).await, silent_dns))
}

#[tokio::test]
async fn a_pending_dns_query_does_not_delay_the_stop() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let Some((mut server, _silent_dns)) = start_without_dns(folder.path()).await else {
        println!("skipped: DNS cannot be redirected here");
        return;
    };

    must_stop_within(&mut server, Duration::from_secs(2)).await;
}
