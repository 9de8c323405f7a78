//! Being told to stop: readiness goes first, then the listener, then the requests on their way.

use std::io;
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

/// Listens from now on; what it returns ends on the first SIGTERM or SIGINT. A second one changes
/// nothing.
pub fn asked(readiness: Readiness) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        readiness.0.store(true, Ordering::Relaxed);
        tracing::info!("stopping: no new requests, those on their way are finished");
    })
}
