//! PostgreSQL is killed under load.

use crate::harness::cluster::Cluster;
use crate::harness::recorder::Load;
use crate::harness::rig::Rig;
use std::time::Duration;
use tokio::time::sleep;

const ROUNDS: u32 = 2;
const SOON: Duration = Duration::from_secs(3);

#[tokio::test]
async fn the_same_process_serves_on_when_postgres_is_back_and_nothing_is_lost() {
    let mut cluster = Cluster::start().await;
    let rig = Rig::start(&cluster.url(), &[]).await;
    for _ in 0..ROUNDS {
        let load = Load::start(&rig.client, 20, 10).await;
        sleep(Duration::from_millis(fastrand::u64(500..1500))).await;

        cluster.kill();
        sleep(Duration::from_millis(500)).await;
        let away = rig.client.get("/readyz").await;
        cluster.restart().await;
        let back = rig.client.recovers("/api/summary", SOON).await;

        sleep(Duration::from_secs(2)).await;
        let record = load.stop().await;
        away.must_be_busy();
        record.must_be_fair();
        record.must_be_kept(&rig.client).await;
        println!(
            "postmaster: {} acknowledged, {} refused, back after {back:?}",
            record.acknowledged(),
            record.refused()
        );
    }
}
