//! Clients that hold a connection and say nothing, or leave in the middle.

use crate::harness::Engine;
use crate::harness::database::TestDatabase;
use crate::harness::rig::{Rig, percentile};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const HALF_HEAD: &str = "GET /api/summary HTTP/1.1\r\nHost: localhost\r\n";
const HALF_BODY: &str = "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\n\
    Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\":";

/// Sends this and waits until the program closes the connection.
pub async fn closed_after(address: &str, sent: &str) -> (Duration, String) {
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).await.expect("it is accepted");
    stream
        .write_all(sent.as_bytes())
        .await
        .expect("it is taken");
    let mut said = Vec::new();
    let closed = timeout(Duration::from_secs(60), stream.read_to_end(&mut said)).await;
    // A reset closes it as well.
    drop(closed.expect("the program closes it"));
    (
        started.elapsed(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[tokio::test]
async fn who_sends_half_of_something_is_left_and_others_do_not_notice() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let database = TestDatabase::new(Engine::Sqlite, folder.path()).await;
    let rig = Rig::start(&database.url, &[]).await;
    let address = rig.served.origin.trim_start_matches("http://").to_owned();

    let heads = join_all((0..100).map(|_| closed_after(&address, HALF_HEAD)));
    let bodies = join_all((0..50).map(|_| closed_after(&address, HALF_BODY)));
    let others = async {
        let mut times = Vec::new();
        for _ in 0..50 {
            let heard = rig.client.get("/api/summary").await;
            heard.must_be_ok();
            times.push(heard.took);
            sleep(Duration::from_millis(200)).await;
        }
        times
    };
    let (heads, bodies, others) = tokio::join!(heads, bodies, others);

    let last = |closed: &[(Duration, String)]| closed.iter().map(|(took, _)| *took).max();
    let (head, body) = (last(&heads), last(&bodies));
    let other = percentile(90, others);
    println!("half a head {head:?}, half a body {body:?}, others {other:?}");
    assert!(head <= Some(Duration::from_secs(15)), "{head:?}");
    assert!(body <= Some(Duration::from_secs(30)), "{body:?}");
    assert!(other <= Duration::from_millis(300), "{other:?}");
    for (_, said) in bodies {
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    }
}

#[tokio::test]
async fn who_leaves_in_the_middle_leaves_the_connection_to_others() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let database = TestDatabase::new(Engine::Postgres, folder.path()).await;
    let rig = Rig::start(&database.url, &[("DATABASE_MAX_CONNECTIONS", "1")]).await;
    let other = database.connect().await;
    let lock = "BEGIN; LOCK TABLE tracks IN ACCESS EXCLUSIVE MODE";
    other.execute_unprepared(lock).await.expect("it locks");

    let slow = rig.client.get("/api/tracks");
    let left = timeout(Duration::from_millis(300), slow).await;
    let took = rig
        .client
        .recovers("/readyz", Duration::from_millis(2500))
        .await;

    assert!(left.is_err(), "{left:?}");
    println!("a connection was free {took:?} after its client had left");
    other
        .execute_unprepared("ROLLBACK")
        .await
        .expect("it unlocks");
}
