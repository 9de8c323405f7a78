//! The time range as clients write it.

use entity::snapshot::TimeRange;
use poem_openapi::Enum;

/// How far back the provider looked when it ranked the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[expect(clippy::enum_variant_names, reason = "they are the provider's words")]
#[oai(rename = "TimeRange", rename_all = "snake_case", remote = "TimeRange")]
pub enum Range {
    /// About 4 weeks
    ShortTerm,
    /// About 6 months
    MediumTerm,
    /// About 1 year
    LongTerm,
}
