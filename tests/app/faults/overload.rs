//! More clients than connections, and a slow database.

use crate::harness::TestApp;
use crate::harness::load::Load;
use crate::harness::proxy::Mode;
use crate::harness::response::percentile;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test]
async fn under_overload_every_request_succeeds_or_is_busy_in_time() {
    let settings = [("DATABASE_MAX_CONNECTIONS", "4")];
    let (app, proxy) = TestApp::behind_proxy(Mode::Pass, &settings).await;
    let load = Load::start(&app, 90, 10).await;

    proxy.set(Mode::Delay(Duration::from_millis(60)));
    let mut live_times = Vec::new();
    for _ in 0..50 {
        live_times.push(app.get("/livez").await.took);
        sleep(Duration::from_millis(100)).await;
    }
    let open = proxy.open();
    proxy.set(Mode::Pass);
    let record = load.stop().await;

    record.must_be_ok_or_busy();
    assert!(open <= 4, "{open} connections");
    let live = percentile(98, live_times);
    println!("overload: {record}, /livez p98 {live:?}");
    assert!(live <= Duration::from_millis(500), "/livez took {live:?}");
    record.must_be_stored(&app).await;
    app.retry_get("/readyz", Duration::from_secs(3)).await;
}
