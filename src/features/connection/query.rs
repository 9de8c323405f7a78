//! The state of the connection.

use super::RedirectUri;
use crate::capture::Capturer;
use crate::error::Result;
use crate::spotify::{Refusal, consent_ends_at};
use crate::store::connection::{Connection, State, not_before};
use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use sea_orm::ConnectionTrait;

/// The connection to Spotify. Members without a value are left out.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ConnectionState {
    pub state: StateWord,
    /// Why Spotify refuses, if it does.
    pub reason: Option<String>,
    /// The display name of the account, or its id.
    pub account_name: Option<String>,
    /// When the owner consented.
    pub authorized_at: Option<DateTime<Utc>>,
    /// Six months later. Then the owner has to connect again.
    pub consent_ends_at: Option<DateTime<Utc>>,
    /// When the next list is due. Left out if none is asked for any more.
    pub next_capture_at: Option<DateTime<Utc>>,
    /// Spotify asked for no request before this instant, which is still ahead.
    pub not_before: Option<DateTime<Utc>>,
    /// When Spotify last answered with a list.
    pub last_answer_at: Option<DateTime<Utc>>,
    /// What to register as redirect URI in Spotify's developer dashboard. Left out if Spotify accepts none for this
    /// address.
    pub redirect_uri: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum StateWord {
    NotConnected,
    Connected,
    /// No list is asked for until the owner connects again.
    ConsentEnded,
    /// Spotify refuses: the app's owner has no Premium, the account is not on the app's list, or a scope is missing.
    Refused,
}

pub async fn connection_state(
    db: &impl ConnectionTrait,
    capturer: &Capturer,
    redirect_uri: &RedirectUri,
    stored: Option<&Connection>,
    now: DateTime<Utc>,
) -> Result<ConnectionState> {
    let pause = not_before(db, now).await?;
    let next_capture_at = match stored {
        Some(stored) => capturer.next_capture_at(db, stored).await?,
        None => None,
    };
    let refusal = stored.and_then(|stored| stored.refusal.as_deref());
    Ok(ConnectionState {
        state: stored.map_or(StateWord::NotConnected, |stored| stored.state.into()),
        reason: refusal.map(|word| Refusal::of_word(word).to_string()),
        account_name: stored.map(|stored| stored.account_name.clone()),
        authorized_at: stored.map(|stored| stored.authorized_at),
        consent_ends_at: stored.map(|stored| consent_ends_at(stored.authorized_at)),
        next_capture_at,
        not_before: pause.filter(|pause| *pause > now),
        last_answer_at: stored.and_then(|stored| stored.last_answer_at),
        redirect_uri: redirect_uri
            .0
            .as_ref()
            .as_ref()
            .ok()
            .map(ToString::to_string),
    })
}

impl From<State> for StateWord {
    fn from(state: State) -> Self {
        match state {
            State::Connected => Self::Connected,
            State::ConsentEnded => Self::ConsentEnded,
            State::Refused => Self::Refused,
        }
    }
}

impl Example for ConnectionState {
    fn example() -> Self {
        let at = DateTime::from_timestamp(1_772_348_400, 0).expect("an instant");
        Self {
            state: StateWord::Connected,
            reason: None,
            account_name: Some("Nora".into()),
            authorized_at: Some(at),
            consent_ends_at: Some(consent_ends_at(at)),
            next_capture_at: Some(at + TimeDelta::hours(23)),
            not_before: None,
            last_answer_at: Some(at),
            redirect_uri: Some("http://127.0.0.1:8080/spotify/callback".into()),
        }
    }
}
