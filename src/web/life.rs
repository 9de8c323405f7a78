//! The phases of the process: starting, serving, stopping.

use crate::error::Error;
use poem::{Endpoint, IntoResponse, Request, Response};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long a request waits for the database at the start.
const START_DEADLINE: Duration = Duration::from_secs(2);
/// Between two attempts to reach the database.
const RETRY: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the database, or migrating it.
    Starting,
    Serving,
    Stopping,
}

#[derive(Clone)]
pub struct Life(watch::Sender<Phase>);

impl Default for Life {
    fn default() -> Self {
        Self(watch::Sender::new(Phase::Starting))
    }
}

impl Life {
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Prepares the database as soon as it answers, however long that takes. An error that is not transient is
    /// returned.
    pub async fn begin<F>(&self, prepare: impl Fn() -> F) -> anyhow::Result<()>
    where
        F: Future<Output = anyhow::Result<()>>,
    {
        let mut told = false;
        while let Err(error) = prepare().await {
            match error.downcast_ref::<Error>() {
                Some(away) if away.is_transient() => {}
                _ => return Err(error),
            }
            if !told {
                tracing::warn!("the database is not answering yet: {error:#}; waiting for it");
                told = true;
            }
            sleep(RETRY).await;
        }
        if told {
            tracing::info!("the database answers");
        }
        self.0.send_if_modified(|phase| {
            let begins = *phase == Phase::Starting;
            if begins {
                *phase = Phase::Serving;
            }
            begins
        });
        Ok(())
    }

    /// Waits until the database is ready, up to a deadline. Returns whether it is.
    pub async fn wait_until_ready(&self) -> bool {
        if self.phase() != Phase::Starting {
            return true;
        }
        let mut phases = self.0.subscribe();
        let begun = phases.wait_for(|phase| *phase != Phase::Starting);
        timeout(START_DEADLINE, begun).await.is_ok()
    }

    /// Installs the signal handlers. The future completes on the first SIGTERM or SIGINT; further signals have no
    /// effect.
    pub fn stop_signal(&self) -> io::Result<impl Future<Output = ()> + use<>> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let life = self.clone();
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            life.0.send_replace(Phase::Stopping);
            tracing::info!("stopping: requests in progress are finished, new ones refused");
        })
    }
}

/// Refuses requests until the database is ready.
pub async fn gate<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let life: &Life = request.data().expect("the root sets it");
    if !life.wait_until_ready().await {
        return Err(Error::Busy(
            "The database is not answering yet. Nothing is lost; try again in a moment.",
        )
        .into());
    }
    endpoint
        .call(request)
        .await
        .map(IntoResponse::into_response)
}
