//! Tokens on their way into the database and out of it.

use super::Connection;
use crate::config::Secret;
use crate::secrets::{Purpose, Sealed, SecretError, Secrets};
use chrono::{DateTime, Utc};

/// Tokens to store.
#[derive(Clone, Debug)]
pub struct SealedTokens {
    pub(super) access_token: Sealed,
    pub(super) access_token_expires_at: DateTime<Utc>,
    pub(super) refresh_token: Option<Sealed>,
}

/// The stored tokens in clear text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTokens {
    /// With its end. `None` after the consent has ended.
    pub access_token: Option<(Secret, DateTime<Utc>)>,
    /// `None` after the consent has ended.
    pub refresh_token: Option<Secret>,
}

impl SealedTokens {
    pub fn seal(
        secrets: &Secrets,
        access_token: &Secret,
        access_token_expires_at: DateTime<Utc>,
        refresh_token: Option<&Secret>,
    ) -> Result<Self, SecretError> {
        let refresh_token = refresh_token.map(|token| secrets.seal(Purpose::RefreshToken, token));
        Ok(Self {
            access_token: secrets.seal(Purpose::AccessToken, access_token)?,
            access_token_expires_at,
            refresh_token: refresh_token.transpose()?,
        })
    }
}

impl Connection {
    /// An error means that the owner has to connect again.
    pub fn tokens(&self, secrets: &Secrets) -> Result<StoredTokens, SecretError> {
        let access_token = match &self.access_token {
            Some((sealed, expires_at)) => {
                Some((secrets.open(Purpose::AccessToken, sealed)?, *expires_at))
            }
            None => None,
        };
        let refresh_token = self
            .refresh_token
            .as_ref()
            .map(|sealed| secrets.open(Purpose::RefreshToken, sealed));
        Ok(StoredTokens {
            access_token,
            refresh_token: refresh_token.transpose()?,
        })
    }
}
