//! The periods over which evolution is reported.

use chrono::{Days, NaiveDate};
use poem_openapi::Enum;

/// Which lists are reported: those of the last days up to `as_of`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Period {
    /// 180 days
    #[oai(rename = "6m")]
    SixMonths,
    /// 365 days
    #[oai(rename = "12m")]
    #[default]
    TwelveMonths,
    /// 730 days
    #[oai(rename = "24m")]
    TwentyFourMonths,
    /// All lists
    #[oai(rename = "all")]
    All,
}

impl Period {
    pub const ALL: [Self; 4] = [
        Self::SixMonths,
        Self::TwelveMonths,
        Self::TwentyFourMonths,
        Self::All,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::SixMonths => "6m",
            Self::TwelveMonths => "12m",
            Self::TwentyFourMonths => "24m",
            Self::All => "all",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.word() == word)
    }

    /// `None`: there is no first day.
    pub fn first_day(self, as_of: NaiveDate) -> Option<NaiveDate> {
        let days = match self {
            Self::SixMonths => 180,
            Self::TwelveMonths => 365,
            Self::TwentyFourMonths => 730,
            Self::All => return None,
        };
        as_of.checked_sub_days(Days::new(days))
    }
}
