//! Work that one process does at a time.

use super::Capturer;
use super::failure::Unable;
use crate::error::Error;
use crate::store::connection::{Lease, acquire_lease, release_lease};
use std::sync::MutexGuard;

impl Capturer {
    /// Does something under a lease. [`Unable::Running`] if another process does it.
    pub(super) async fn with_lease<T>(
        &self,
        lease: &Lease,
        work: impl AsyncFnOnce() -> Result<T, Unable>,
    ) -> Result<T, Unable> {
        self.held().push(lease.clone());
        let result = match self.renew(lease).await {
            Ok(true) => {
                let result = work().await;
                self.give_back(lease).await;
                result
            }
            Ok(false) => Err(Unable::Running),
            Err(cause) => Err(cause.into()),
        };
        self.held().retain(|other| other != lease);
        result
    }

    /// The leases of this process.
    pub(super) fn held(&self) -> MutexGuard<'_, Vec<Lease>> {
        self.parts.held.lock().expect("no holder panics")
    }

    /// Whether this holder still has it. A lease that [`Capturer::settle`] gave back is not taken again.
    pub(super) async fn renew(&self, lease: &Lease) -> Result<bool, Error> {
        if !self.held().contains(lease) {
            return Ok(false);
        }
        acquire_lease(&self.parts.database, lease, self.now()).await
    }

    /// Does nothing if another holder has it. If it fails, the lease ends by itself.
    pub(super) async fn give_back(&self, lease: &Lease) {
        if let Err(cause) = release_lease(&self.parts.database, lease).await {
            tracing::warn!(%cause, "a lease could not be given back");
        }
    }
}
