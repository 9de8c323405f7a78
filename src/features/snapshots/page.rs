//! Parts of pages that show lists.

use entity::snapshot::TimeRange;

pub fn range_name(time_range: TimeRange) -> &'static str {
    match time_range {
        TimeRange::ShortTerm => "Short term",
        TimeRange::MediumTerm => "Medium term",
        TimeRange::LongTerm => "Long term",
    }
}
