//! The command that makes overlapping writes.

use crate::harness::program::send;
use crate::harness::{Engine, TestApp, on_both_engines};
use std::process::Stdio;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_secs(30);

on_both_engines! {
async fn overlapping_writes_are_all_kept_and_leave_nothing_behind(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;

    for workers in ["10", "50", "200"] {
        for spread in [&[][..], &["--spread"]] {
            let ended = app.run(&[&["stress", "--workers", workers], spread].concat()).await;

            assert_eq!(ended.code, Some(0), "{workers} {spread:?}: {}", ended.stderr);
            let seconds = ended.stdout.strip_prefix("500 writes completed in ");
            let seconds = seconds.and_then(|rest| rest.strip_suffix("s\n")).unwrap_or_default();
            let (_, hundredths) = seconds.split_once('.').unwrap_or_default();
            let is_number = seconds.parse::<f64>().is_ok() && hundredths.len() == 2;
            assert!(is_number, "{workers} {spread:?}: {:?}", ended.stdout);
            println!("{:?} {workers} {spread:?}: {seconds} s", app.engine);
        }
    }
    app.tables().await.must_be(&before, "after stress");
}
}

on_both_engines! {
async fn interrupted_in_the_middle_it_leaves_nothing_behind(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;
    let mut stress = app.command(&["stress", "--writes", "200000"]);
    stress.stdout(Stdio::piped()).stderr(Stdio::piped());
    let stress = stress.spawn().expect("the program can be started");
    sleep(Duration::from_millis(1500)).await;

    send("INT", stress.id().expect("it runs")).await;
    let ended = timeout(LONG, stress.wait_with_output()).await;

    let ended = ended.expect("it ends in time").expect("it is a child");
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stdout.is_empty(), "{ended:?}");
    app.tables().await.must_be(&before, "after SIGINT");
}
}
