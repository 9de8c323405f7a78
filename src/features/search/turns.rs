//! How many searches read at a time.

use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Searches that read at the same time. SQLite has four connections for reading, so other pages always find one.
const AT_A_TIME: usize = 2;

/// A search reads all names, so only a few do so at a time. The next waits without a connection to the database. The
/// root hands this to the routes as request data.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Turns {
    /// Waits for a turn. It ends when the permit is dropped.
    pub async fn wait(&self) -> SemaphorePermit<'_> {
        let turn = self.0.acquire().await;
        turn.expect("the semaphore is never closed")
    }
}
