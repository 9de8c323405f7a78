//! Callers that wait at the same moment are served together: rows by one statement and one flush,
//! because the disk takes as long for one as for a hundred; askers by one question.

use crate::error::{Error, Result};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// Callers that are served at once.
const MOST: usize = 500;

/// Items that wait, first come first served, for an answer each.
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
    /// Waits until the item was served. What the first caller's `server` makes serves all: it takes
    /// the items in the order in which they came, begins after the last of them came, and answers
    /// each.
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

/// A task that serves one batch at a time: what comes meanwhile is the next one.
fn start<Item: Send + 'static, Answer: Send + 'static, F>(
    serve: impl Fn(Vec<Item>) -> F + Send + 'static,
) -> mpsc::Sender<Waiting<Item, Answer>>
where
    F: Future<Output = Vec<Result<Answer>>> + Send,
{
    let (sender, mut receiver) = mpsc::channel::<Waiting<Item, Answer>>(MOST);
    tokio::spawn(async move {
        let mut batch = Vec::with_capacity(MOST);
        while receiver.recv_many(&mut batch, MOST).await > 0 {
            // Those who are about to ask come along.
            tokio::task::yield_now().await;
            while batch.len() < MOST
                && let Ok(waiting) = receiver.try_recv()
            {
                batch.push(waiting);
            }
            // Who has gone away meanwhile does not want it any more.
            let (items, callers): (Vec<_>, Vec<_>) = batch
                .drain(..)
                .filter(|waiting| !waiting.caller.is_closed())
                .map(|waiting| (waiting.item, waiting.caller))
                .unzip();
            if items.is_empty() {
                continue;
            }
            // A panic, told in the log, fails this batch and not all that come after it.
            let answers = AssertUnwindSafe(serve(items)).catch_unwind();
            let Ok(answers) = answers.await else { continue };
            for (caller, answer) in callers.into_iter().zip(answers) {
                // It may have gone away just now.
                let _ = caller.send(answer);
            }
        }
    });
    sender
}
