//! The access token of a run: the stored one, or a new one that is stored before it is used.
//!
//! A refresh may make the sent refresh token invalid. So what comes back is stored at once, in a transaction of its own
//! that is repeated until it succeeds. A program that is killed between the answer and that commit loses it: then the
//! consent has ended, and the owner has to connect again. Nothing can prevent that.

use super::Capturer;
use super::failure::ListFailure;
use super::storing::until_stored;
use crate::config::Secret;
use crate::error::Error;
use crate::spotify::Failure;
use crate::store::connection::{
    Connection, SealedTokens, connection, mark_consent_ended, mark_invalid_grant, save_refreshed,
};
use chrono::{DateTime, TimeDelta, Utc};

/// A token that ends sooner than this is refreshed first.
const SPARE: TimeDelta = TimeDelta::seconds(60);
/// How long after the first `invalid_grant` another one ends the consent: the first later try of the schedule.
const DOUBT: TimeDelta = TimeDelta::hours(1);

impl Capturer {
    /// An access token of the consent that was given at this instant.
    pub(super) async fn access_token(&self, consent: DateTime<Utc>) -> Result<Secret, ListFailure> {
        let tokens = self.consented(consent).await?.tokens(self.secrets())?;
        match tokens.access_token {
            Some((token, expires_at)) if expires_at > self.now() + SPARE => Ok(token),
            _ => self.refreshed_token(consent).await,
        }
    }

    /// A new access token, whatever the stored one. Once the provider is asked, its answer is stored even if nobody waits
    /// for it any more.
    pub(super) async fn refreshed_token(
        &self,
        consent: DateTime<Utc>,
    ) -> Result<Secret, ListFailure> {
        let capturer = self.clone();
        let task = tokio::spawn(async move { capturer.refresh(consent).await });
        task.await.expect("a refresh does not panic")
    }

    async fn refresh(&self, consent: DateTime<Utc>) -> Result<Secret, ListFailure> {
        let _storing = self.storing().await;
        // The last refresh may have replaced the refresh token.
        let connection = self.consented(consent).await?;
        let tokens = connection.tokens(self.secrets())?;
        let refresh_token = tokens.refresh_token.ok_or(ListFailure::ConsentEnded)?;
        let answer = self
            .spotify()
            .refresh(&connection.client_id, &refresh_token)
            .await;
        let tokens = match answer {
            Err(Failure::InvalidGrant) => return Err(self.invalid_grant(&connection).await?),
            answer => answer?,
        };
        let sealed = SealedTokens::seal(
            self.secrets(),
            &tokens.access_token,
            tokens.expires_at(self.now()),
            tokens.refresh_token.as_ref(),
        )?;
        let save = || save_refreshed(&self.parts.database, consent, sealed.clone());
        match until_stored(save).await {
            true => Ok(tokens.access_token),
            false => Err(ListFailure::Replaced),
        }
    }

    /// The connection, if it is still that of this consent.
    pub(super) async fn consented(
        &self,
        consent: DateTime<Utc>,
    ) -> Result<Connection, ListFailure> {
        let connection = connection(&self.parts.database.read()).await?;
        let connection = connection.filter(|connection| connection.authorized_at == consent);
        connection.ok_or(ListFailure::Replaced)
    }

    /// The provider has answered so by mistake. So the consent counts as ended when it answers so again at a later try.
    async fn invalid_grant(&self, connection: &Connection) -> Result<ListFailure, Error> {
        let database = &self.parts.database;
        Ok(match connection.invalid_grant_at {
            None => {
                mark_invalid_grant(database, connection.authorized_at, self.now()).await?;
                ListFailure::Spotify(Failure::InvalidGrant)
            }
            Some(first_at) if self.now() - first_at < DOUBT => {
                ListFailure::Spotify(Failure::InvalidGrant)
            }
            Some(_) => {
                mark_consent_ended(database, connection.authorized_at).await?;
                tracing::error!(
                    "Spotify's consent has ended: connect again on the page of the settings"
                );
                ListFailure::ConsentEnded
            }
        })
    }
}
