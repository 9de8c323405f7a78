//! The `stress` command, which makes overlapping writes.

use crate::harness::program::send_signal;
use crate::harness::{Engine, TestApp, on_both_engines};
use std::process::Stdio;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const TIMEOUT: Duration = Duration::from_secs(30);

on_both_engines! {
async fn stress_completes_all_writes_and_leaves_no_rows(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;

    for workers in ["10", "50", "200"] {
        for spread in [&[][..], &["--spread"]] {
            let output = app.run(&[&["stress", "--workers", workers], spread].concat()).await;

            assert_eq!(output.code, Some(0), "{workers} {spread:?}: {}", output.stderr);
            let seconds = output.stdout.strip_prefix("500 writes completed in ");
            let seconds = seconds.and_then(|rest| rest.strip_suffix("s\n")).unwrap_or_default();
            let (_, hundredths) = seconds.split_once('.').unwrap_or_default();
            let is_number = seconds.parse::<f64>().is_ok() && hundredths.len() == 2;
            assert!(is_number, "{workers} {spread:?}: {:?}", output.stdout);
            println!("{:?} {workers} {spread:?}: {seconds} s", app.engine);
        }
    }
    app.tables().await.must_equal(&before, "after stress");
}
}

on_both_engines! {
async fn an_interrupted_stress_leaves_no_rows(app: TestApp) {
    app.put_list("2026-01-01", "short_term", ["a", "b"]).await;
    let before = app.tables().await;
    let mut stress = app.command(&["stress", "--writes", "200000"]);
    stress.stdout(Stdio::piped()).stderr(Stdio::piped());
    let stress = stress.spawn().expect("the program starts");
    sleep(Duration::from_millis(1500)).await;

    send_signal("INT", stress.id().expect("the process runs")).await;
    let output = timeout(TIMEOUT, stress.wait_with_output()).await;

    let output = output.expect("the command ends in time").expect("stress is a child");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{output:?}");
    app.tables().await.must_equal(&before, "after SIGINT");
}
}
