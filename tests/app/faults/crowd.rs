//! More clients than connections, and a database that is slow.

use crate::harness::proxy::Mode;
use crate::harness::recorder::Load;
use crate::harness::rig::{behind_proxy, percentile};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test]
async fn a_crowd_before_few_slow_connections_is_answered_or_sent_away() {
    let few = [("DATABASE_MAX_CONNECTIONS", "4")];
    let (rig, proxy, _database) = behind_proxy(Mode::Pass, &few).await;
    let load = Load::start(&rig.client, 90, 10).await;

    proxy.set(Mode::Delay(Duration::from_millis(60)));
    let mut lives = Vec::new();
    for _ in 0..50 {
        lives.push(rig.client.get("/livez").await.took);
        sleep(Duration::from_millis(100)).await;
    }
    let open = proxy.open();
    proxy.set(Mode::Pass);
    let record = load.stop().await;

    record.must_be_fair();
    assert!(open <= 4, "{open} connections");
    let live = percentile(98, lives);
    println!(
        "crowd: {} asked, {} refused, latest {:?}, /livez p98 {live:?}",
        record.heard.len(),
        record.refused(),
        record.latest()
    );
    assert!(live <= Duration::from_millis(500), "/livez took {live:?}");
    record.must_be_kept(&rig.client).await;
    rig.client.recovers("/readyz", Duration::from_secs(3)).await;
}
