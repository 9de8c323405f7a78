//! Being told to stop: readiness goes first, then the listener, then the requests on their way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal::unix::{SignalKind, signal};

/// Whether the program still takes requests.
#[derive(Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    pub fn is_stopping(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Returns on the first SIGTERM or SIGINT. A second one changes nothing.
pub async fn asked(readiness: Readiness) {
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened to");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be listened to");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    readiness.0.store(true, Ordering::Relaxed);
    tracing::info!("stopping: no new requests, those on their way are finished");
}
