//! The caller of a request.

use poem_openapi::Enum;
use std::net::IpAddr;
use std::sync::Arc;

/// The permission that an operation needs. No scope includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Scope {
    /// Every GET of the library.
    Read,
    /// Every PUT, POST and DELETE of the library.
    Write,
    /// The connection to Spotify, sessions, tokens, export, clear, and the log.
    Admin,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// The scopes of a token, in the order of their declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Arc<[Scope]>);

impl Scopes {
    /// Without duplicates.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let given = Vec::from_iter(scopes);
        let known = Scope::ALL.into_iter();
        Self(known.filter(|scope| given.contains(scope)).collect())
    }

    /// Parses words with a space between, as they are stored. Unknown ones are left out.
    pub fn stored(text: &str) -> Self {
        Self::new(text.split(' ').filter_map(Scope::of_word))
    }

    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }

    /// Words with a separator between.
    pub fn join(&self, separator: &str) -> String {
        let words: Vec<_> = self.0.iter().map(|scope| scope.word()).collect();
        words.join(separator)
    }
}

/// The kinds of callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A server without an owner is open to local requests.
    Local,
    /// A browser in which the owner has signed in.
    Session {
        session_id: String,
    },
    Token {
        name: String,
        scopes: Scopes,
    },
    /// Neither session nor token.
    Nobody,
    /// A token that does not exist, or has expired.
    Stranger,
}

impl Who {
    pub fn may(&self, scope: Scope) -> bool {
        match self {
            Self::Local | Self::Session { .. } => true,
            Self::Token { scopes, .. } => scopes.as_slice().contains(&scope),
            Self::Nobody | Self::Stranger => false,
        }
    }

    /// Whether the caller has shown a session or a token, so that no one else may see the answer.
    pub fn has_proof(&self) -> bool {
        matches!(self, Self::Session { .. } | Self::Token { .. })
    }
}

/// How much of the library an answer shows. A kept answer belongs to one view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// All of it.
    #[default]
    Owner,
    /// Without payloads and without the sources and reasons of captures: for everybody, with `PUBLIC_READ`.
    Public,
}

/// The caller, as request data of the routes.
#[derive(Clone, Debug)]
pub struct Caller {
    pub who: Who,
    /// Where the request comes from, behind trusted proxies.
    pub address: IpAddr,
    /// Whether the browser uses https.
    pub is_https: bool,
    /// Whether nothing can be written, not even into the log.
    pub is_read_only: bool,
}

impl Caller {
    pub fn session_id(&self) -> Option<&str> {
        match &self.who {
            Who::Session { session_id } => Some(session_id),
            _ => None,
        }
    }
}
