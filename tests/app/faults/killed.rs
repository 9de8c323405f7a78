//! The program is killed under load.

use crate::harness::Engine;
use crate::harness::database::{TestDatabase, must_be_whole};
use crate::harness::recorder::Load;
use crate::harness::rig::Rig;
use std::time::Duration;
use tokio::time::sleep;

const ROUNDS: u32 = 5;

async fn nothing_acknowledged_is_lost(engine: Engine) {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let database = TestDatabase::new(engine, folder.path()).await;
    let mut rig = Rig::start(&database.url, &[]).await;
    for _ in 0..ROUNDS {
        let load = Load::start(&rig.client, 20, 10).await;
        sleep(Duration::from_millis(fastrand::u64(300..1000))).await;

        rig.kill_and_restart().await;

        let back = rig.client.recovers("/readyz", Duration::from_secs(3)).await;
        let record = load.stop().await;
        record.must_be_kept(&rig.client).await;
        println!(
            "{engine:?}: {} acknowledged, back after {back:?}",
            record.acknowledged()
        );
    }
    if engine == Engine::Sqlite {
        must_be_whole(&database.url).await;
    }
}

#[tokio::test]
async fn what_it_has_acknowledged_is_there_when_it_starts_again_on_sqlite() {
    nothing_acknowledged_is_lost(Engine::Sqlite).await;
}

#[tokio::test]
async fn what_it_has_acknowledged_is_there_when_it_starts_again_on_postgres() {
    nothing_acknowledged_is_lost(Engine::Postgres).await;
}
