//! Faults of every kind, one after the other, for as long as you like:
//!
//!     CHAOS_SECONDS=600 cargo test --test app chaos -- --ignored --nocapture
//!
//! It prints its seed; CHAOS_SEED repeats its faults.

use crate::harness::cluster::Cluster;
use crate::harness::proxy::{Mode, Proxy};
use crate::harness::recorder::Load;
use crate::harness::rig::Rig;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const READERS: usize = 20;
const WRITERS: usize = 10;
const SOON: Duration = Duration::from_secs(3);
const GIVEN_UP: Duration = Duration::from_secs(8);

struct World {
    rig: Rig,
    proxy: Proxy,
    cluster: Cluster,
    chance: fastrand::Rng,
    /// Of a kill a client hears nothing.
    killed: bool,
    /// A write held on its way may come behind a later one.
    held: bool,
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

impl World {
    async fn start(seed: u64) -> Self {
        let cluster = Cluster::start().await;
        let proxy = Proxy::start(&cluster.url(), Mode::Pass).await;
        Self {
            rig: Rig::start(&proxy.url(&cluster.url()), &[]).await,
            proxy,
            cluster,
            chance: fastrand::Rng::with_seed(seed),
            killed: false,
            held: false,
        }
    }

    async fn fault(&mut self) -> &'static str {
        let time = Duration::from_millis(self.chance.u64(200..4000));
        let (name, mode) = match self.chance.u32(0..8) {
            0 => (
                "delay",
                Mode::Delay(Duration::from_millis(self.chance.u64(10..200))),
            ),
            1 => ("refuse", Mode::Refuse),
            2 => ("hold", Mode::Hold),
            3 => ("lose", Mode::Lose),
            4 => {
                self.proxy.cut();
                return "cut";
            }
            5 => {
                self.proxy.cut_reply_to("COMMIT");
                return "cut the reply to a commit";
            }
            6 => {
                self.killed = true;
                self.rig.kill_and_restart().await;
                return "kill the program";
            }
            _ => {
                self.cluster.kill();
                sleep(time / 4).await;
                self.cluster.restart().await;
                return "kill PostgreSQL";
            }
        };
        self.held |= mode == Mode::Hold;
        self.proxy.set(mode);
        sleep(time).await;
        self.proxy.set(Mode::Pass);
        name
    }

    /// Under load some faults, then peace, and a look at what is kept.
    async fn round(&mut self) {
        (self.killed, self.held) = (false, false);
        let load = Load::start(&self.rig.client, READERS, WRITERS).await;
        for _ in 0..self.chance.u32(1..5) {
            sleep(Duration::from_millis(self.chance.u64(100..1500))).await;
            let name = self.fault().await;
            // On a dead connection a request waits for its deadline, and then for a sign of life.
            let soon = if name == "lose" { GIVEN_UP } else { SOON };
            let back = self.rig.client.recovers("/api/summary", soon).await;
            println!("{name}: back after {back:?}");
        }
        let record = load.stop().await;
        if !self.killed {
            record.must_be_fair();
        }
        match self.held {
            true => record.must_be_kept_or_overtaken(&self.rig.client).await,
            false => record.must_be_kept(&self.rig.client).await,
        }
        let (asked, refused) = (record.heard.len(), record.refused());
        println!(
            "round: {asked} asked, {} acknowledged, {refused} refused",
            record.acknowledged()
        );
    }
}

#[tokio::test]
#[ignore = "takes CHAOS_SECONDS, a minute if it is not set"]
async fn nothing_that_was_acknowledged_is_lost_in_chaos() {
    let seed = setting("CHAOS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("CHAOS_SEED={seed}");
    let time = Duration::from_secs(setting("CHAOS_SECONDS").unwrap_or(60));
    let started = Instant::now();

    let mut world = World::start(seed).await;
    while started.elapsed() < time {
        world.round().await;
    }

    sleep(GIVEN_UP).await;
    println!("{} dead connections are still held", world.proxy.lost());
}
