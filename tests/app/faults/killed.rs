//! The program is killed under load.

use crate::harness::database::check_integrity;
use crate::harness::load::Load;
use crate::harness::{Engine, TestApp, on_both_engines};
use std::time::Duration;
use tokio::time::sleep;

const ROUNDS: u32 = 5;

on_both_engines! {
async fn acknowledged_writes_are_stored_after_a_kill_and_a_restart(app: TestApp) {
    let mut app = app;
    for _ in 0..ROUNDS {
        let load = Load::start(&app, 20, 10).await;
        sleep(Duration::from_millis(fastrand::u64(300..1000))).await;

        app.kill_and_restart().await;

        let recovery = app.retry_get("/readyz", Duration::from_secs(3)).await;
        let record = load.stop().await;
        record.must_be_stored(&app).await;
        println!("{:?}: {record}, recovered after {recovery:?}", app.engine);
    }
    if app.engine == Engine::Sqlite {
        check_integrity(&app.database.url).await;
    }
}
}
