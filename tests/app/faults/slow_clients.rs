//! Clients that hold a connection without sending, or that disconnect early.

use super::locked::{LOCK_TRACKS, lock, unlock};
use crate::harness::response::percentile;
use crate::harness::{Engine, TestApp};
use futures_util::future::join_all;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const HALF_HEAD: &str = "GET /api/summary HTTP/1.1\r\nHost: localhost\r\n";
const HALF_BODY: &str = "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\n\
    Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\":";

/// Sends bytes and waits until the program closes the connection. Returns how long that took, and
/// what the program sent.
pub async fn closed_after(address: &str, sent: &str) -> (Duration, String) {
    let started = Instant::now();
    let stream = TcpStream::connect(address).await;
    let mut stream = stream.expect("the connection is accepted");
    let written = stream.write_all(sent.as_bytes()).await;
    written.expect("the bytes are sent");
    let mut received = Vec::new();
    let closed = timeout(Duration::from_secs(60), stream.read_to_end(&mut received)).await;
    // A reset closes the connection, too.
    drop(closed.expect("the program closes the connection"));
    let received = String::from_utf8_lossy(&received).into_owned();
    (started.elapsed(), received)
}

#[tokio::test]
async fn half_requests_are_closed_and_do_not_slow_down_other_clients() {
    let app = TestApp::start(Engine::Sqlite).await;
    let address = app.server.address();

    let heads = join_all((0..100).map(|_| closed_after(address, HALF_HEAD)));
    let bodies = join_all((0..50).map(|_| closed_after(address, HALF_BODY)));
    let others = async {
        let mut times = Vec::new();
        for _ in 0..50 {
            let response = app.get("/api/summary").await;
            response.must_be_ok();
            times.push(response.took);
            sleep(Duration::from_millis(200)).await;
        }
        times
    };
    let (heads, bodies, others) = tokio::join!(heads, bodies, others);

    let slowest = |closed: &[(Duration, String)]| closed.iter().map(|(took, _)| *took).max();
    let (head, body) = (slowest(&heads), slowest(&bodies));
    let other = percentile(90, others);
    println!("half a head {head:?}, half a body {body:?}, others {other:?}");
    assert!(head <= Some(Duration::from_secs(15)), "{head:?}");
    assert!(body <= Some(Duration::from_secs(30)), "{body:?}");
    assert!(other <= Duration::from_millis(300), "{other:?}");
    for (_, received) in bodies {
        assert!(received.starts_with("HTTP/1.1 408"), "{received}");
    }
}

#[tokio::test]
async fn a_client_that_disconnects_frees_its_database_connection() {
    let settings = [("DATABASE_MAX_CONNECTIONS", "1")];
    let app = TestApp::with_settings(Engine::Postgres, &settings).await;
    let other = lock(&app, LOCK_TRACKS).await;

    let blocked = timeout(Duration::from_millis(300), app.get("/api/tracks")).await;
    let recovery = app.retry_get("/readyz", Duration::from_millis(2500)).await;

    assert!(blocked.is_err(), "{blocked:?}");
    println!("the connection was free {recovery:?} after the disconnect");
    unlock(&other).await;
}
