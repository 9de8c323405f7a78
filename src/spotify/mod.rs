//! Talking to Spotify: the consent, tokens, and the lists as they came.
//!
//! [`authorize`] makes the address of the consent and reads the answer, [`tokens`] exchanges and refreshes tokens,
//! [`account`] and [`top_tracks`] ask the Web API. Nothing here retries, waits or stores: each call is one request, and its
//! result is the data or a [`Failure`].

mod account;
mod authorize;
mod failure;
mod http;
mod redirect;
mod tokens;
mod top_tracks;

#[cfg(test)]
mod tests;

pub use account::Account;
pub use authorize::{Authorization, Callback, Consent, consent_ends_at};
pub use failure::{Answer, Failure, Refusal};
pub use redirect::{CALLBACK, redirect_uri};
pub use tokens::Tokens;
pub use top_tracks::TopTracks;

use crate::config::{Config, Secret};
use anyhow::Context;
use reqwest::Client;
use url::Url;

/// The only permission that is asked for.
pub const SCOPE: &str = "user-top-read";

/// A client of Spotify. A clone shares its connections.
#[derive(Clone, Debug)]
pub struct Spotify {
    http: Client,
    api: Url,
    accounts: Url,
    client_secret: Option<Secret>,
}

impl Spotify {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            http: http::client().context("cannot set up the HTTP client")?,
            api: config.spotify.api_url.clone(),
            accounts: config.spotify.accounts_url.clone(),
            client_secret: config.secrets.spotify_client_secret.clone(),
        })
    }

    /// Where the owner is sent to consent. The page with the form has to allow it in `form-action`.
    pub fn accounts_url(&self) -> &Url {
        &self.accounts
    }
}

/// A client of another service, with the same limits.
pub fn http_client() -> anyhow::Result<Client> {
    http::client()
}

/// The base URLs have no path of their own.
fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}
