//! PostgreSQL is killed under load.

use crate::harness::TestApp;
use crate::harness::cluster::Cluster;
use crate::harness::load::Load;
use std::time::Duration;
use tokio::time::sleep;

const ROUNDS: u32 = 2;
const RECOVERY: Duration = Duration::from_secs(3);

#[tokio::test]
async fn after_a_kill_of_postgres_the_program_reconnects_and_loses_no_write() {
    let mut cluster = Cluster::start().await;
    let app = TestApp::on(&cluster.url()).await;
    for _ in 0..ROUNDS {
        let load = Load::start(&app, 20, 10).await;
        sleep(Duration::from_millis(fastrand::u64(500..1500))).await;

        cluster.kill();
        sleep(Duration::from_millis(500)).await;
        let ready = app.get("/readyz").await;
        cluster.restart().await;
        let recovery = app.retry_get("/api/summary", RECOVERY).await;

        sleep(Duration::from_secs(2)).await;
        let record = load.stop().await;
        ready.must_be_busy();
        record.must_be_ok_or_busy();
        record.must_be_stored(&app).await;
        println!("PostgreSQL killed: {record}, recovered after {recovery:?}");
    }
}
