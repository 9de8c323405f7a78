//! The consents that were given: codes, refresh tokens and access tokens.

use crate::spotify::consent_ends_at;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// Whether a refresh answers a refresh token. Spotify has done each of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// None: the old one stays.
    #[default]
    Keep,
    /// The old one again.
    Repeat,
    /// A new one, and the old one is no longer valid.
    Rotate,
}

#[derive(Default)]
pub struct Consents {
    pub rotation: Rotation,
    /// The issued codes and tokens, and the received verifiers.
    pub secrets: Vec<String>,
    grants: Vec<Grant>,
    access: Vec<(String, DateTime<Utc>)>,
}

/// The parameters of a consent, which the exchange of its code must match.
#[derive(Clone)]
pub struct Binding {
    pub client_id: String,
    pub redirect_uri: String,
    pub challenge: String,
}

struct Grant {
    code: String,
    binding: Binding,
    consented_at: DateTime<Utc>,
    /// Codes live 10 minutes and are used once.
    is_used: bool,
    refresh_token: String,
    is_revoked: bool,
}

/// The tokens of one answer of the token endpoint.
pub struct Issued {
    pub access_token: String,
    pub refresh_token: Option<String>,
}

/// Lifetimes as at Spotify.
const CODE_MINUTES: i64 = 10;
pub const ACCESS_TOKEN_SECONDS: i64 = 3600;

impl Consents {
    /// The owner agrees. Returns the code.
    pub fn agree(&mut self, binding: Binding, now: DateTime<Utc>) -> String {
        let code = self.issue("code");
        self.grants.push(Grant {
            code: code.clone(),
            binding,
            consented_at: now,
            is_used: false,
            refresh_token: String::new(),
            is_revoked: false,
        });
        code
    }

    pub fn revoke(&mut self) {
        for grant in &mut self.grants {
            grant.is_revoked = true;
        }
    }

    /// Exchanges a code, or says why not.
    pub fn exchange(
        &mut self,
        code: &str,
        (client_id, redirect_uri, verifier): (&str, &str, &str),
        now: DateTime<Utc>,
    ) -> Result<Issued, &'static str> {
        self.secrets.push(verifier.to_owned());
        let grant = self.grants.iter_mut().find(|grant| grant.code == code);
        let grant = grant.ok_or("Invalid authorization code")?;
        if grant.is_used || grant.is_revoked {
            return Err("Invalid authorization code");
        }
        grant.is_used = true;
        if now >= grant.consented_at + TimeDelta::minutes(CODE_MINUTES) {
            return Err("Authorization code expired");
        }
        if grant.binding.client_id != client_id || grant.binding.redirect_uri != redirect_uri {
            return Err("Invalid redirect URI");
        }
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        if grant.binding.challenge != challenge {
            return Err("code_verifier was incorrect");
        }
        let refresh_token = self.issue("refresh");
        for grant in self.grants.iter_mut().filter(|grant| grant.code == code) {
            grant.refresh_token.clone_from(&refresh_token);
        }
        Ok(Issued {
            access_token: self.access_token(now),
            refresh_token: Some(refresh_token),
        })
    }

    /// Refreshes, or says why not.
    pub fn refresh(
        &mut self,
        refresh_token: &str,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Issued, &'static str> {
        let grant = self.grants.iter().position(|grant| {
            grant.is_used
                && grant.refresh_token == refresh_token
                && grant.binding.client_id == client_id
        });
        let grant = grant.ok_or("Invalid refresh token")?;
        if self.grants[grant].is_revoked {
            return Err("Refresh token revoked");
        }
        if now >= consent_ends_at(self.grants[grant].consented_at) {
            return Err("Refresh token expired");
        }
        let refresh_token = match self.rotation {
            Rotation::Keep => None,
            Rotation::Repeat => Some(refresh_token.to_owned()),
            Rotation::Rotate => {
                let new = self.issue("refresh");
                self.grants[grant].refresh_token.clone_from(&new);
                Some(new)
            }
        };
        Ok(Issued {
            access_token: self.access_token(now),
            refresh_token,
        })
    }

    pub fn is_valid(&self, access_token: &str, now: DateTime<Utc>) -> bool {
        let mut access = self.access.iter();
        access.any(|(token, expires_at)| token == access_token && now < *expires_at)
    }

    fn access_token(&mut self, now: DateTime<Utc>) -> String {
        let token = self.issue("access");
        let expires_at = now + TimeDelta::seconds(ACCESS_TOKEN_SECONDS);
        self.access.push((token.clone(), expires_at));
        token
    }

    fn issue(&mut self, kind: &str) -> String {
        let secret = format!("made-up-{kind}-{}", crate::secrets::random().expose());
        self.secrets.push(secret.clone());
        secret
    }
}
