//! Group commit: concurrent callers share one statement. A flush to disk takes as long for one row as for a
//! hundred.

use crate::error::{Error, Result};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// The largest batch.
const MAX_BATCH: usize = 500;

/// A queue of items, each with a caller that waits for its result.
pub struct Batch<Item, Answer>(Arc<OnceLock<mpsc::Sender<Waiting<Item, Answer>>>>);

struct Waiting<Item, Answer> {
    item: Item,
    caller: oneshot::Sender<Result<Answer>>,
}

impl<Item, Answer> Clone for Batch<Item, Answer> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<Item, Answer> Default for Batch<Item, Answer> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<Item: Send + 'static, Answer: Send + 'static> Batch<Item, Answer> {
    /// Waits for the result of an item. The first call starts the task that executes all batches with `server`: a
    /// function from items, in order of arrival, to their results.
    pub async fn join<S, F>(&self, item: Item, server: impl FnOnce() -> S) -> Result<Answer>
    where
        S: Fn(Vec<Item>) -> F + Send + 'static,
        F: Future<Output = Vec<Result<Answer>>> + Send,
    {
        let waiting = self.0.get_or_init(|| start(server()));
        let (caller, answer) = oneshot::channel();
        let stopped = Error::Busy("The request was not finished. Send it again.");
        if waiting.send(Waiting { item, caller }).await.is_err() {
            return Err(stopped);
        }
        answer.await.unwrap_or(Err(stopped))
    }
}

/// Starts a task that executes one batch at a time. Items that arrive meanwhile are the next batch.
fn start<Item: Send + 'static, Answer: Send + 'static, F>(
    serve: impl Fn(Vec<Item>) -> F + Send + 'static,
) -> mpsc::Sender<Waiting<Item, Answer>>
where
    F: Future<Output = Vec<Result<Answer>>> + Send,
{
    let (sender, mut receiver) = mpsc::channel::<Waiting<Item, Answer>>(MAX_BATCH);
    tokio::spawn(async move {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while receiver.recv_many(&mut batch, MAX_BATCH).await > 0 {
            // Tasks that are ready to call join this batch.
            tokio::task::yield_now().await;
            while batch.len() < MAX_BATCH
                && let Ok(waiting) = receiver.try_recv()
            {
                batch.push(waiting);
            }
            // Skip callers that were cancelled.
            let (items, callers): (Vec<_>, Vec<_>) = batch
                .drain(..)
                .filter(|waiting| !waiting.caller.is_closed())
                .map(|waiting| (waiting.item, waiting.caller))
                .unzip();
            if items.is_empty() {
                continue;
            }
            // A panic fails this batch only.
            let answers = AssertUnwindSafe(serve(items)).catch_unwind();
            let Ok(answers) = answers.await else { continue };
            for (caller, answer) in callers.into_iter().zip(answers) {
                // The caller may have been cancelled meanwhile.
                let _ = caller.send(answer);
            }
        }
    });
    sender
}
