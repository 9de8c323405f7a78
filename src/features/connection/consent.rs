//! How the owner connects: an authorization begins in a browser, and its answer comes back with the same browser.

use crate::capture::Capturer;
use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result;
use crate::secrets::Purpose;
use crate::spotify::{Authorization, Callback, Consent, Failure, Refusal};
use crate::store::connection::{
    NewAuthorization, NewConnection, PendingAuthorization, SealedTokens, begin_authorization,
    connect, connection, not_before, take_authorization,
};
use chrono::TimeDelta;
use poem_openapi::Enum;
use poem_openapi::types::{ParseFromParameter, ToJSON};
use url::Url;

/// Why the owner is not connected. A page gets the word in its address, so none of them carries a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Problem {
    /// The client id is not one.
    ClientId,
    NoRedirectUri,
    /// There is no key that encrypts.
    NoKey,
    Cancelled,
    /// No pending authorization of this browser: too old, used, or begun elsewhere.
    NotBegun,
    /// A pasted text is no redirected address.
    NotAnAddress,
    /// The code was not accepted.
    Code,
    /// Another account than the connected one has consented.
    OtherAccount,
    /// The browser is under another host than the redirect URI, so its cookie would not come back.
    OtherHost,
    Client,
    Premium,
    UserNotListed,
    Scope,
    Refused,
    Paused,
    Outage,
}

impl Problem {
    pub fn word(self) -> String {
        let word = self.to_json();
        word.and_then(|word| Some(word.as_str()?.to_owned()))
            .unwrap_or_default()
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::parse_from_parameter(word).ok()
    }
}

/// The result of a step of the consent.
pub type Step<T> = Result<Result<T, Problem>>;

/// What the steps need.
pub struct Steps {
    pub database: Database,
    pub clock: Clock,
    pub capturer: Capturer,
}

impl Steps {
    /// Stores an authorization of the browser with this cookie. Returns where to send it.
    pub async fn begin(&self, client_id: String, redirect_uri: Url, browser: &Secret) -> Step<Url> {
        if self.is_paused().await? {
            return Ok(Err(Problem::Paused));
        }
        let authorization = Authorization::new(client_id, redirect_uri);
        let secrets = self.capturer.secrets();
        let verifier = match secrets.seal(Purpose::Verifier, &authorization.verifier) {
            Ok(verifier) => verifier,
            Err(cause) => {
                tracing::warn!(%cause, "cannot connect to Spotify");
                return Ok(Err(Problem::NoKey));
            }
        };
        let new = NewAuthorization {
            state: &authorization.state,
            browser,
            client_id: &authorization.client_id,
            redirect_uri: authorization.redirect_uri.as_str(),
            verifier,
        };
        begin_authorization(&self.database, new, self.clock.now()).await?;
        Ok(Ok(self.capturer.spotify().authorize_url(&authorization)))
    }

    /// Takes the answer that the browser with this cookie brings, and connects. Returns the name of the account. A problem
    /// comes with the client id, if it is known.
    pub async fn finish(
        &self,
        callback: Callback,
        browser: Option<Secret>,
    ) -> Result<Result<String, (Problem, String)>> {
        let (state, now) = (&callback.state, self.clock.now());
        let pending = match browser {
            Some(browser) => take_authorization(&self.database, state, &browser, now).await?,
            None => None,
        };
        let Some(pending) = pending else {
            return Ok(Err((Problem::NotBegun, String::new())));
        };
        let client_id = pending.client_id.clone();
        let connected = self.connect(pending, callback.consent).await?;
        Ok(connected.map_err(|problem| (problem, client_id)))
    }

    async fn connect(&self, pending: PendingAuthorization, consent: Consent) -> Step<String> {
        let code = match consent {
            Consent::Given { code } => code,
            Consent::Refused { error } if error == "access_denied" => {
                return Ok(Err(Problem::Cancelled));
            }
            Consent::Refused { error } => {
                tracing::warn!(error, "Spotify did not ask for the consent");
                return Ok(Err(Problem::Refused));
            }
        };
        if self.is_paused().await? {
            return Ok(Err(Problem::Paused));
        }
        match self.exchange(pending, code).await {
            Ok(new) if self.is_other_account(&new).await? => Ok(Err(Problem::OtherAccount)),
            Ok(new) => {
                let account_name = new.account_name.clone();
                connect(&self.database, new).await?;
                tracing::info!("connected to Spotify");
                Ok(Ok(account_name))
            }
            Err(ConnectError::Problem(problem)) => Ok(Err(problem)),
            Err(ConnectError::Spotify(failure)) => Ok(Err(self.problem(failure).await)),
        }
    }

    async fn exchange(
        &self,
        pending: PendingAuthorization,
        code: Secret,
    ) -> Result<NewConnection, ConnectError> {
        let (spotify, secrets) = (self.capturer.spotify(), self.capturer.secrets());
        let no_key = |_| ConnectError::Problem(Problem::NoKey);
        let verifier = pending.verifier(secrets).map_err(no_key)?;
        let (client_id, redirect_uri) = (pending.client_id, pending.redirect_uri);
        let tokens = spotify
            .exchange_code(&client_id, &code, &verifier, &redirect_uri)
            .await?;
        let authorized_at = self.clock.now();
        let account = spotify.account(&tokens.access_token).await?;
        let sealed = SealedTokens::seal(
            secrets,
            &tokens.access_token,
            tokens.expires_at(authorized_at),
            tokens.refresh_token.as_ref(),
        );
        Ok(NewConnection {
            client_id,
            account_id: account.id,
            account_name: account.name,
            authorized_at,
            tokens: sealed.map_err(no_key)?,
        })
    }

    /// Its lists would replace those of today.
    async fn is_other_account(&self, new: &NewConnection) -> Result<bool> {
        let old = connection(&self.database.read()).await?;
        Ok(old.is_some_and(|old| old.account_id != new.account_id))
    }

    /// Stores a pause that the provider asks for. The log has the provider's own words.
    async fn problem(&self, failure: Failure) -> Problem {
        tracing::warn!(%failure, "not connected to Spotify");
        match failure {
            Failure::RateLimited { seconds, .. } => {
                let pause = TimeDelta::seconds(seconds.cast_signed());
                self.capturer.pause(self.clock.now() + pause).await;
                Problem::Paused
            }
            Failure::Refused(Refusal::Client) => Problem::Client,
            Failure::Refused(Refusal::Premium) => Problem::Premium,
            Failure::Refused(Refusal::UserNotListed) => Problem::UserNotListed,
            Failure::Refused(Refusal::Scope) => Problem::Scope,
            Failure::Refused(Refusal::Other(_)) => Problem::Refused,
            Failure::InvalidGrant => Problem::Code,
            Failure::Unauthorized | Failure::Outage(_) => Problem::Outage,
        }
    }

    async fn is_paused(&self) -> Result<bool> {
        let now = self.clock.now();
        let pause = not_before(&self.database.read(), now).await?;
        Ok(pause.is_some_and(|pause| pause > now))
    }
}

enum ConnectError {
    Problem(Problem),
    Spotify(Failure),
}

impl From<Failure> for ConnectError {
    fn from(failure: Failure) -> Self {
        Self::Spotify(failure)
    }
}
