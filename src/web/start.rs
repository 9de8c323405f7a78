//! The preparations that need the database, before the first request.

use super::Shared;
use crate::config::{Config, local_address};
use crate::features;
use crate::owner::{adopt_setting, log_set_up_token};
use crate::store::owner::owner;
use std::net::SocketAddr;
use url::Url;

/// The values that the preparations depend on.
pub struct Start<'a> {
    pub config: &'a Config,
    pub shared: &'a Shared,
    /// Whether requests of other machines may arrive, perhaps through a proxy.
    pub is_reachable: bool,
}

impl Start<'_> {
    pub async fn prepare(&self) -> anyhow::Result<()> {
        let Shared {
            database,
            clock,
            access,
            passwords,
            ..
        } = self.shared;
        if self.config.access.read_only {
            if self.config.secrets.owner_password.is_some() {
                tracing::warn!(
                    "READ_ONLY is set: OWNER_PASSWORD is not looked at, and nobody can sign in"
                );
            }
            return match database.schema().await?.problem() {
                None => Ok(()),
                Some(problem) => anyhow::bail!("schema: {problem}; READ_ONLY changes nothing"),
            };
        }
        database.migrate().await?;
        if let Some(setting) = &self.config.secrets.owner_password {
            adopt_setting(database, clock, passwords, setting).await?;
        } else if self.is_reachable && owner(&database.read()).await?.is_none() {
            log_set_up_token(database, clock, &access.set_up_address, false).await?;
        }
        Ok(())
    }
}

/// The line of the log.
pub fn announcement(address: SocketAddr) -> String {
    let local = local_address(address);
    match address.ip().is_unspecified() {
        true => format!("listening on http://{local} and on all other addresses"),
        false => format!("listening on http://{local}"),
    }
}

/// The address of the page for setting up, for the log.
pub fn set_up_address(public_url: Option<&Url>, address: SocketAddr) -> String {
    let mut url = match public_url {
        Some(url) => url.clone(),
        None => {
            let local = local_address(address);
            Url::parse(&format!("http://{local}")).expect("an address is a host")
        }
    };
    url.set_path(features::access::SET_UP);
    url.into()
}
