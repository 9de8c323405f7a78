//! The life of the process: it starts, it serves, it is told to stop.

use crate::db::Database;
use crate::error::Error;
use poem::{Endpoint, IntoResponse, Request, Response};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// What comes before the database is ready waits this long for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks for a database that is away.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The database is away, or its schema is being brought up to date.
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

    /// Brings the schema up to date as soon as the database is there, however long that takes.
    /// What waiting cannot mend is an error.
    pub async fn begin(&self, database: &Database) -> anyhow::Result<()> {
        let mut told = false;
        while let Err(error) = database.migrate().await {
            match error.downcast_ref::<Error>() {
                Some(away) if away.may_pass() => {}
                _ => return Err(error),
            }
            if !told {
                tracing::warn!("the database is not answering yet: {error:#}; waiting for it");
                told = true;
            }
            sleep(PAUSE).await;
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

    /// Waits until there is a library to ask, though not for ever: whether there is one now.
    pub async fn has_begun(&self) -> bool {
        if self.phase() != Phase::Starting {
            return true;
        }
        let mut phases = self.0.subscribe();
        let begun = phases.wait_for(|phase| *phase != Phase::Starting);
        timeout(PATIENCE, begun).await.is_ok()
    }

    /// Listens from now on; what it returns ends on the first SIGTERM or SIGINT. A second one
    /// changes nothing.
    pub fn told_to_stop(&self) -> io::Result<impl Future<Output = ()> + use<>> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let life = self.clone();
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            life.0.send_replace(Phase::Stopping);
            tracing::info!("stopping: no new requests, those on their way are finished");
        })
    }
}

/// Lets requests in once there is a library to ask.
pub async fn gate<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let life: &Life = request.data().expect("the route tree carries it");
    if !life.has_begun().await {
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
