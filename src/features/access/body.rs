//! The body of `create_token`.

use crate::api::body::{self, RequestBody, raw_members};
use crate::owner::{MAX_TOKEN_NAME, Scope, Scopes, TOKEN_DAYS};
use crate::payload::{Refusal, Tree};
use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use poem_openapi::types::Example;
use std::sync::LazyLock;

/// A token to make.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct TokenBody {
    /// The purpose of the token.
    #[oai(validator(min_length = 1, max_length = 80))]
    name: String,
    /// The scopes of the token; none includes another.
    #[oai(validator(min_items = 1, max_items = 3))]
    scopes: Vec<Scope>,
    /// 90 if left out; `null` for a token that never expires.
    #[oai(validator(minimum(value = "1"), maximum(value = "3650")))]
    expires_in_days: Option<i32>,
}

/// A token to make, as it was asked for.
pub struct TokenRequest {
    pub name: String,
    pub scopes: Scopes,
    /// `None`: never.
    pub expires_in_days: Option<i64>,
}

static SCHEMA: LazyLock<MetaSchema> = LazyLock::new(TokenBody::schema);

impl RequestBody for TokenBody {
    type Read = TokenRequest;

    fn read(text: &str) -> Result<Self::Read, Refusal> {
        let is_given = raw_members(text)?.contains_key("expires_in_days");
        let mut members = body::members(text, &SCHEMA)?;
        let name = match members.remove("name") {
            Some(Tree::String(name)) => name.trim().to_owned(),
            _ => String::new(),
        };
        if name.is_empty() {
            let reason = format!("must have 1 to {MAX_TOKEN_NAME} characters");
            return Err(Refusal::new("name", reason));
        }
        let days = members.remove("expires_in_days");
        Ok(TokenRequest {
            name,
            scopes: scopes(members.remove("scopes"))?,
            expires_in_days: match days.and_then(|days| days.as_i64()) {
                Some(days) => Some(days),
                None if is_given => None,
                None => Some(TOKEN_DAYS),
            },
        })
    }
}

fn scopes(value: Option<Tree>) -> Result<Scopes, Refusal> {
    let reason = "must be an array of one or more of read, write, admin";
    let Some(Tree::Array(items)) = value else {
        return Err(Refusal::new("scopes", reason));
    };
    let words = items.iter().map(|item| match item {
        Tree::String(word) => Scope::of_word(word),
        _ => None,
    });
    match words.collect::<Option<Vec<_>>>() {
        Some(scopes) if !scopes.is_empty() => Ok(Scopes::new(scopes)),
        _ => Err(Refusal::new("scopes", reason)),
    }
}

impl Example for TokenBody {
    fn example() -> Self {
        Self {
            name: "Home display".into(),
            scopes: vec![Scope::Read],
            expires_in_days: Some(90),
        }
    }
}
