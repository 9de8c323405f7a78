//! How taking a list ended, as clients read it.

use entity::capture;
use poem_openapi::Enum;

/// How taking a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", remote = "capture::Outcome")]
pub enum Outcome {
    /// A list that differs from the one kept before.
    Captured,
    /// The same list again.
    Unchanged,
    /// There were no tracks on it; nothing was replaced.
    Empty,
    /// The ranks are kept; every album is a placeholder, so no good payload was replaced.
    Degraded,
    /// No list came, or it was refused.
    Failed,
}
