//! Stores values that are lost with this process until they are written: new tokens, and a pause that the provider asks for.

use super::Capturer;
use crate::error::Result;
use crate::store::connection::set_not_before;
use chrono::{DateTime, Utc};
use std::time::Duration;
use tokio::sync::SemaphorePermit;
use tokio::time::sleep;

/// Between two tries to store it. Each pause is twice the last one, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

impl Capturer {
    /// Stores that the provider asks for no request before this instant, even if the caller is dropped meanwhile.
    pub async fn pause(&self, until: DateTime<Utc>) {
        let (capturer, now) = (self.clone(), self.now());
        let task = async move {
            let _storing = capturer.storing().await;
            until_stored(|| set_not_before(&capturer.parts.database, until, now)).await;
        };
        let task = tokio::spawn(task);
        task.await.expect("storing a pause does not panic");
    }

    /// Held from the request for what is to be stored until it is.
    pub(super) async fn storing(&self) -> SemaphorePermit<'_> {
        let permit = self.parts.storing.acquire().await;
        permit.expect("it is never closed")
    }

    /// Waits until everything is stored, and gives the leases back. From then on no new tokens are asked for, and no lease
    /// is renewed. For the end of the program.
    pub async fn settle(&self) {
        self.storing().await.forget();
        let held = std::mem::take(&mut *self.held());
        for lease in held {
            self.give_back(&lease).await;
        }
    }
}

/// Writes until the database accepts it.
pub async fn until_stored<T, F>(write: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T>>,
{
    let (mut pause, longest) = PAUSES;
    loop {
        match write().await {
            Ok(stored) => return stored,
            // The log has one line for each outage of the database.
            Err(cause) if pause == PAUSES.0 => {
                tracing::warn!(%cause, "what Spotify answered cannot be stored; it is tried again");
            }
            Err(_) => {}
        }
        sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}
