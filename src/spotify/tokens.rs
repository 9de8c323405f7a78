//! The token endpoint: a code or a refresh token in, tokens out.

use super::http::send;
use super::{Answer, Failure, Spotify, at};
use crate::config::Secret;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Tokens {
    pub access_token: Secret,
    pub expires_in: Duration,
    /// `None`: the one that was sent stays valid. Else it is to be stored before the access token is used, because the
    /// one that was sent may be invalid now.
    pub refresh_token: Option<Secret>,
}

impl Tokens {
    /// When the access token ends, if it was answered at this instant.
    pub fn expires_at(&self, answered_at: DateTime<Utc>) -> DateTime<Utc> {
        answered_at + TimeDelta::from_std(self.expires_in).unwrap_or(TimeDelta::hours(1))
    }
}

#[derive(Deserialize)]
struct Body {
    access_token: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
}

/// In seconds. What the provider answers today.
const EXPIRES_IN: u64 = 3600;

impl Spotify {
    /// Exchanges the code of a consent. [`Failure::InvalidGrant`] if the code is used, too old or another app's.
    pub async fn exchange_code(
        &self,
        client_id: &str,
        code: &Secret,
        verifier: &Secret,
        redirect_uri: &str,
    ) -> Answer<Tokens> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier.expose()),
        ];
        let tokens = self.tokens(client_id, &form).await?;
        match tokens.refresh_token {
            Some(_) => Ok(tokens),
            None => Err(Failure::outage("Spotify sent no refresh token")),
        }
    }

    /// [`Failure::InvalidGrant`] if the consent has ended or was withdrawn.
    pub async fn refresh(&self, client_id: &str, refresh_token: &Secret) -> Answer<Tokens> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
        ];
        self.tokens(client_id, &form).await
    }

    /// An app with a secret proves it with Basic authentication; PKCE needs the client id alone.
    async fn tokens(&self, client_id: &str, form: &[(&str, &str)]) -> Answer<Tokens> {
        let mut form = form.to_vec();
        form.push(("client_id", client_id));
        let mut request = self.http.post(at(&self.accounts, "/api/token"));
        if let Some(secret) = &self.client_secret {
            request = request.basic_auth(client_id, Some(secret.expose()));
        }
        let response = send(request.form(&form)).await?;
        if !response.status.is_success() {
            return Err(Failure::of_accounts(&response));
        }
        let body: Body = serde_json::from_str(&response.body)
            .map_err(|_| Failure::outage("Spotify's answer holds no tokens"))?;
        Ok(Tokens {
            access_token: Secret::new(body.access_token),
            expires_in: Duration::from_secs(body.expires_in.unwrap_or(EXPIRES_IN)),
            refresh_token: body
                .refresh_token
                .filter(|token| !token.is_empty())
                .map(Secret::new),
        })
    }
}
