//! The program is told to stop while it is at work.

use super::slow_clients::closed_after;
use crate::harness::program::{BINARY, Served, bare, send};
use crate::harness::proxy::Mode;
use crate::harness::rig::behind_proxy;
use std::net::UdpSocket;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::time::sleep;

const IN_TIME: Duration = Duration::from_secs(10);

#[tokio::test]
async fn what_is_on_its_way_is_answered_and_a_second_signal_changes_nothing() {
    let many = [("DATABASE_MAX_CONNECTIONS", "50")];
    let (mut rig, proxy, _database) = behind_proxy(Mode::Pass, &many).await;
    proxy.set(Mode::Delay(Duration::from_millis(150)));
    let client = rig.client.clone();
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get("/api/captures").await })
        })
        .collect();
    sleep(Duration::from_millis(400)).await;
    let under_way = asked.iter().filter(|task| !task.is_finished()).count();

    let process = rig.served.id();
    let again = async {
        sleep(Duration::from_millis(200)).await;
        send("TERM", process).await;
        client.get("/readyz").await
    };
    let told = Instant::now();
    let (code, ready) = tokio::join!(rig.served.stop("TERM"), again);
    let took = told.elapsed();

    println!("stopped {took:?} after SIGTERM with {under_way} under way");
    assert!(under_way >= 40, "only {under_way} were under way");
    assert_eq!(code, Some(0), "{}", rig.served.log());
    assert!(took <= IN_TIME, "{took:?}");
    assert!(!ready.is_ok(), "{ready:?}");
    for task in asked {
        task.await.expect("a client does not panic").must_be_ok();
    }
}

#[tokio::test]
async fn connections_that_do_nothing_do_not_hold_it_up() {
    let (mut rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    let address = rig.served.origin.trim_start_matches("http://").to_owned();
    let halves = [
        "",
        "GET /api/summary HTTP/1.1\r\nHost: localhost\r\n",
        "PUT /api/tracks/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    for half in halves {
        let address = address.clone();
        tokio::spawn(async move { closed_after(&address, half).await });
    }
    rig.client.get("/api/summary").await.must_be_ok();
    // The farewell to the database is not heard either.
    proxy.set(Mode::Lose);

    let told = Instant::now();
    let code = rig.served.stop("TERM").await;

    let took = told.elapsed();
    println!("stopped {took:?} after SIGTERM with connections that do nothing");
    assert_eq!(code, Some(0), "{}", rig.served.log());
    assert!(took <= IN_TIME, "{took:?}");
}

#[tokio::test]
async fn it_stops_in_time_while_the_database_is_away() {
    let (mut rig, proxy, _database) = behind_proxy(Mode::Pass, &[]).await;
    rig.client.get("/api/summary").await.must_be_ok();
    proxy.set(Mode::Lose);
    let client = rig.client.clone();
    let asked: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get("/api/summary").await })
        })
        .collect();
    sleep(Duration::from_millis(500)).await;

    let told = Instant::now();
    let code = rig.served.stop("TERM").await;

    let took = told.elapsed();
    println!("stopped {took:?} after SIGTERM with the database away");
    assert_eq!(code, Some(0), "{}", rig.served.log());
    assert!(took <= IN_TIME, "{took:?}");
    for task in asked {
        task.await.expect("a client does not panic").must_be_busy();
    }
}

/// The program where names are looked up at a server that never answers; only root can do that.
async fn without_names(folder: &std::path::Path) -> Option<(Served, UdpSocket)> {
    let mut may = Command::new("unshare");
    let may = may.args(["-m", "true"]).output().await;
    let deaf = UdpSocket::bind("127.0.0.99:53").ok()?;
    if !may.is_ok_and(|output| output.status.success()) {
        return None;
    }
    std::fs::write(folder.join("resolv.conf"), "nameserver 127.0.0.99\n").expect("it is ours");
    let line = format!("mount --bind resolv.conf /etc/resolv.conf && exec {BINARY} serve --port 0");
    let mut serve = Command::new("unshare");
    serve.args(["-m", "sh", "-c", &line]);
    bare(&mut serve);
    serve
        .current_dir(folder)
        .env("DATABASE_URL", "postgres://a@database.example/a");
    Some((Served::start(&mut serve).await, deaf))
}

#[tokio::test]
async fn a_name_that_is_being_looked_up_does_not_hold_it_up() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let Some((mut served, _deaf)) = without_names(folder.path()).await else {
        println!("left out: names cannot be taken away here");
        return;
    };

    let told = Instant::now();
    let code = served.stop("TERM").await;

    let took = told.elapsed();
    assert_eq!(code, Some(0), "{}", served.log());
    assert!(took <= Duration::from_secs(2), "{took:?}");
}
