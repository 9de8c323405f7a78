//! Why something is not accepted.

use super::Tree;

/// Longer paths and reasons are cut: clients choose the names of members, of any length.
const MAX_PATH: usize = 200;
const MAX_REASON: usize = 500;

/// The path of the member at fault, as in `items[3].id`, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Refusal {
    pub path: String,
    pub reason: String,
}

impl Refusal {
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            // The ledger keeps refusals, and PostgreSQL's text cannot hold U+0000.
            path: cut(path.into().replace('\0', "\\u0000"), MAX_PATH),
            reason: cut(reason.into(), MAX_REASON),
        }
    }

    /// A value of another type than expected.
    pub fn not_a(path: &str, expected: &str, value: &Tree) -> Self {
        let found = match value {
            Tree::Null => "null",
            Tree::Bool(_) => "a boolean",
            Tree::Number(_) => "a number",
            Tree::String(_) => "a string",
            Tree::Array(_) => "a list",
            Tree::Object(_) => "an object",
        };
        Self::new(path, format!("{expected} was expected, not {found}"))
    }

    /// The same refusal with its path taken from the list that the value is an item of.
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The same refusal with its path taken from further out: `name` within `items[3]` is
    /// `items[3].name`.
    pub fn within(self, parent: &str) -> Self {
        let path = match (parent, self.path.as_str()) {
            (parent, "") => parent.into(),
            ("", path) => path.into(),
            (parent, path) if path.starts_with('[') => format!("{parent}{path}"),
            (parent, path) => format!("{parent}.{path}"),
        };
        Self::new(path, self.reason)
    }
}

fn cut(text: String, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
