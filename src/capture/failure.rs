//! Why no list was asked for, and why a list could not be taken.

use crate::error::Error;
use crate::secrets::SecretError;
use crate::spotify::Failure;
use chrono::{DateTime, NaiveDateTime, Utc};

/// Why no list was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Unable {
    #[error("not connected to Spotify: connect on the page /settings/spotify")]
    NotConnected,
    #[error("Spotify’s permission has ended: connect again on the page /settings/spotify")]
    ConsentEnded,
    #[error("another capture is running: try again in a moment")]
    Running,
    #[error("the connection was replaced or ended meanwhile")]
    Replaced,
    /// The provider asked for no request before this instant.
    #[error("Spotify asked for a pause until {}", .0.format("%-d %b %Y, %H:%M UTC"))]
    NotBefore(DateTime<Utc>),
    #[error(transparent)]
    Database(#[from] Error),
}

impl Unable {
    /// For work that is done later, or by another process, if it cannot be done now.
    pub fn or_later(self) -> Result<(), Error> {
        match self {
            Self::Database(error) => Err(error),
            _ => Ok(()),
        }
    }

    /// The error of a request.
    pub fn into_error(self, now: DateTime<Utc>) -> Error {
        let reason = self.to_string();
        match self {
            Self::Database(error) => error,
            Self::NotConnected | Self::ConsentEnded | Self::Running | Self::Replaced => {
                Error::Conflict(reason)
            }
            Self::NotBefore(not_before) => Error::Later {
                reason,
                seconds: (not_before - now).num_seconds().max(1).cast_unsigned(),
            },
        }
    }
}

/// Why a list could not be taken. `Display` is the reason in the ledger.
#[derive(Debug, thiserror::Error)]
pub enum ListFailure {
    #[error(transparent)]
    Spotify(#[from] Failure),
    #[error("Spotify did not answer in time")]
    Late,
    /// A track of the list cannot be kept.
    #[error("{0}")]
    Invalid(String),
    /// The provider asked for no request before this date and time of day in the time zone.
    #[error("Spotify asked for a pause until {}", .0.format("%-d %b %Y, %H:%M"))]
    Paused(NaiveDateTime),
    /// The tokens cannot be decrypted.
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("the consent has ended; connect again")]
    ConsentEnded,
    /// Another consent was given, or the connection was ended.
    #[error("the connection was replaced or ended meanwhile")]
    Replaced,
    #[error("the list came, but could not be stored: {0}")]
    Unstored(Error),
    #[error(transparent)]
    Database(#[from] Error),
}
