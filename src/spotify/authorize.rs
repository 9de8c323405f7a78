//! The consent: the address to send the owner to, and what the owner's browser brings back.

use super::{SCOPE, Spotify, at};
use crate::config::Secret;
use crate::secrets::random;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Months, Utc};
use sha2::{Digest, Sha256};
use url::Url;

/// An authorization that begins: both secrets are new.
#[derive(Debug)]
pub struct Authorization {
    pub client_id: String,
    pub redirect_uri: Url,
    /// Comes back with the browser.
    pub state: Secret,
    /// The PKCE verifier. Only its hash is sent with the browser.
    pub verifier: Secret,
}

impl Authorization {
    pub fn new(client_id: String, redirect_uri: Url) -> Self {
        Self {
            client_id,
            redirect_uri,
            state: random(),
            verifier: random(),
        }
    }
}

impl Spotify {
    /// The page of the consent. It asks each time, so that another account can be chosen.
    pub fn authorize_url(&self, authorization: &Authorization) -> Url {
        let mut url = at(&self.accounts, "/authorize");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &authorization.client_id)
            .append_pair("scope", SCOPE)
            .append_pair("redirect_uri", authorization.redirect_uri.as_str())
            .append_pair("state", authorization.state.expose())
            .append_pair("code_challenge_method", "S256")
            .append_pair("code_challenge", &challenge(&authorization.verifier))
            .append_pair("show_dialog", "true");
        url
    }
}

/// A consent ends six months after it was given, however often its tokens are refreshed.
pub fn consent_ends_at(authorized_at: DateTime<Utc>) -> DateTime<Utc> {
    authorized_at + Months::new(6)
}

/// S256 of RFC 7636.
fn challenge(verifier: &Secret) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()))
}

/// What the browser brings back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    pub state: Secret,
    pub consent: Consent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    Given {
        code: Secret,
    },
    /// The word of the provider, as in `access_denied`.
    Refused {
        error: String,
    },
}

impl Callback {
    /// Reads the query of the redirected address. `None` if it is not the answer to an authorization.
    pub fn of_query(query: &str) -> Option<Self> {
        let (mut state, mut code, mut error) = (None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                _ => continue,
            };
            *place = Some(value.into_owned());
        }
        let consent = match (code, error) {
            (Some(code), None) => Consent::Given {
                code: Secret::new(code),
            },
            (_, Some(error)) => Consent::Refused {
                error: error
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(100)
                    .collect(),
            },
            (None, None) => return None,
        };
        Some(Self {
            state: Secret::new(state?),
            consent,
        })
    }

    /// Reads a redirected address that the owner pasted: the whole URL, or its query.
    pub fn of_pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        Self::of_query(query.split('#').next()?)
    }
}
