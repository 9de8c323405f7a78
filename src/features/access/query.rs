//! Tokens and sessions, as the API and the page show them.

use crate::error::Result;
use crate::owner::{Scope, Scopes};
use crate::store::owner;
use chrono::{DateTime, Utc};
use entity::{api_token, session};
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::ConnectionTrait;

/// An API token, without the token itself.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Token {
    pub token_id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: DateTime<Utc>,
    /// Left out if it never expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// To the hour. Left out if it was not used yet.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// All tokens, the latest first; expired ones too.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct TokenList {
    pub items: Vec<Token>,
}

/// A new token. It is answered this once: the server has its hash alone.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct CreatedToken {
    #[oai(flatten)]
    pub row: Token,
    /// As in `mtm_…`. Send it as `Authorization: Bearer mtm_…`.
    pub token: String,
}

/// A browser in which the owner has signed in.
#[derive(Clone, Debug, Object)]
pub struct Session {
    pub session_id: String,
    pub user_agent: String,
    /// Where the sign-in came from.
    pub address: String,
    pub created_at: DateTime<Utc>,
    /// To the hour.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the session of this request.
    pub current: bool,
}

/// All sessions that are not over, the one that was seen last first.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct SessionList {
    pub items: Vec<Session>,
}

pub async fn tokens(db: &impl ConnectionTrait) -> Result<Vec<Token>> {
    let rows = owner::tokens(db).await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// `current` is the id of the session of the request.
pub async fn sessions(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    current: Option<&str>,
) -> Result<Vec<Session>> {
    let rows = owner::sessions(db, now).await?;
    let rows = rows.into_iter().map(|row| Session::of(row, current));
    Ok(rows.collect())
}

impl From<api_token::Model> for Token {
    fn from(row: api_token::Model) -> Self {
        Self {
            token_id: row.token_id,
            name: row.name,
            scopes: Scopes::stored(&row.scopes).as_slice().to_vec(),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}

impl Session {
    fn of(row: session::Model, current: Option<&str>) -> Self {
        Self {
            current: current == Some(row.session_id.as_str()),
            session_id: row.session_id,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
        }
    }
}

const EXAMPLE_ID: &str = "5f0c2a9d4e7b41c8a6d3e2f1b0c9d8e7";

fn example_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_348_400, 0).expect("an instant")
}

impl Example for TokenList {
    fn example() -> Self {
        Self {
            items: vec![CreatedToken::example().row],
        }
    }
}

impl Example for CreatedToken {
    fn example() -> Self {
        let at = example_instant();
        Self {
            row: Token {
                token_id: EXAMPLE_ID.into(),
                name: "Home display".into(),
                scopes: vec![Scope::Read],
                created_at: at,
                expires_at: Some(at + chrono::TimeDelta::days(90)),
                last_used_at: None,
            },
            token: "mtm_…".into(),
        }
    }
}

impl Example for SessionList {
    fn example() -> Self {
        Self {
            items: vec![Session {
                session_id: EXAMPLE_ID.into(),
                user_agent:
                    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".into(),
                address: "192.0.2.17".into(),
                created_at: example_instant(),
                last_seen_at: example_instant(),
                current: true,
            }],
        }
    }
}
