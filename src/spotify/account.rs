//! The account that has consented.

use super::http::send;
use super::{Answer, Failure, Spotify, at};
use crate::config::Secret;
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The immutable id, or the older one where the provider does not send it.
    pub id: String,
    /// The display name, or the id of an account without one.
    pub name: String,
}

#[derive(Deserialize)]
struct Body {
    account_id: Option<String>,
    id: Option<String>,
    display_name: Option<String>,
}

const MAX_CHARACTERS: usize = 200;

impl Spotify {
    pub async fn account(&self, access_token: &Secret) -> Answer<Account> {
        let request = self.http.get(at(&self.api, "/v1/me"));
        let response = send(request.bearer_auth(access_token.expose())).await?;
        if !response.status.is_success() {
            return Err(Failure::of_api(&response));
        }
        Account::of(&response.body)
            .ok_or_else(|| Failure::outage("Spotify's answer names no account"))
    }
}

impl Account {
    fn of(body: &str) -> Option<Self> {
        let body: Body = serde_json::from_str(body).ok()?;
        let (account_id, id) = (body.account_id.and_then(shown), body.id.and_then(shown));
        let name = body
            .display_name
            .and_then(shown)
            .or_else(|| id.clone())
            .or_else(|| account_id.clone())?;
        Some(Self {
            id: account_id.or(id)?,
            name,
        })
    }
}

/// A text that a page can show; `None` if nothing is left of it.
fn shown(text: String) -> Option<String> {
    let characters = text.chars().filter(|character| !character.is_control());
    let text: String = characters.take(MAX_CHARACTERS).collect();
    Some(text).filter(|text| !text.trim().is_empty())
}
