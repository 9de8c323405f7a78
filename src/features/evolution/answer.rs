//! The answer: tables of lists, months, artists and stays.

use crate::features::changes::drift::Drift;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use poem_openapi::Object;

/// How the lists of one range changed. Days and months ascend. Members without a value are left out.
#[derive(Clone, Debug, Default, Object)]
#[oai(example, skip_serializing_if_is_none)]
pub struct Evolution {
    /// Only lists up to this day count. Left out if there is no list at all.
    pub as_of: Option<NaiveDate>,
    /// The first list of the range.
    pub first_snapshot_date: Option<NaiveDate>,
    /// The latest list of the range.
    pub latest_snapshot_date: Option<NaiveDate>,
    /// The first day of the period, or that of the first list if it is later. Left out if there is no list.
    pub from: Option<NaiveDate>,
    /// Lists in the period.
    pub list_count: i64,
    /// Different artists, by name, on the lists in the period.
    pub artist_count: i64,
    /// Of each list in the period that has a list before it.
    pub turnover: Vec<ListTurnover>,
    /// Of each list in the period.
    pub discoveries: Vec<ListDiscoveries>,
    /// Of each month that has lists in the period.
    pub growth: Vec<MonthGrowth>,
    /// Of each month that has lists in the period.
    pub diversity: Vec<MonthDiversity>,
    /// The ten artists on most lists in the period, most first, then by name.
    pub consistent_artists: Vec<ConsistentArtist>,
    /// Between each list in the period and the list before it.
    pub drift: Vec<ListDrift>,
    /// The first length at which at most half of all stays are estimated to go on. It is the median of the Kaplan–Meier
    /// estimate over all stays up to `as_of`, not limited to the period. Left out if the estimate never falls so far.
    pub half_life_days: Option<i64>,
    /// All stays up to `as_of`. A stay is a run of consecutive lists of the range with one track on them.
    pub stay_count: i64,
    /// Stays that reach the latest list.
    pub ongoing_stay_count: i64,
    /// The Kaplan–Meier estimate over the lengths of all stays. Stays that reach the latest list are censored.
    pub survival: Vec<Survival>,
    /// The tracks among the first ten of the list of a week, which is the last one of each ISO week in the period. Most
    /// weeks first, then by best place, then by id.
    pub top_ten: Vec<TopTenTrack>,
}

/// The tracks of a list that were not on the list before, out of its tracks.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct ListTurnover {
    pub snapshot_date: NaiveDate,
    pub newcomer_count: i64,
    pub track_count: i64,
    /// Of the tracks before the tied tail.
    pub newcomer_count_above_ties: i64,
    /// The tracks before the tied tail.
    pub track_count_above_ties: i64,
}

/// The tracks of a list that were on no list of any range before that day.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct ListDiscoveries {
    pub snapshot_date: NaiveDate,
    pub track_count: i64,
}

/// The discoveries of the lists of a month.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct MonthGrowth {
    /// As in `2026-03`.
    pub month: String,
    pub track_count: i64,
}

/// The different artists, by name, on the lists of a month.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct MonthDiversity {
    /// As in `2026-03`.
    pub month: String,
    pub artist_count: i64,
}

/// An artist, by name, and the number of days on which they are on a list.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ConsistentArtist {
    pub artist_name: String,
    /// The artist's id if all tracks by this name have the same, else `name:` and the name. Left out if the name is empty.
    pub artist_key: Option<String>,
    pub day_count: i64,
}

/// The distance between a list and the list before it.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ListDrift {
    pub snapshot_date: NaiveDate,
    #[oai(flatten)]
    pub drift: Drift,
}

/// The estimated share of stays that last longer than this number of days.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Survival {
    pub day_count: i64,
    pub share: f64,
}

/// A track that stood among the first ten.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TopTenTrack {
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
    /// The number of weeks among the first ten.
    pub week_count: i64,
    /// 1 is the top.
    pub best_place: i64,
    /// The weeks, oldest first.
    pub weeks: Vec<TopTenWeek>,
}

impl Evolution {
    /// Whether the first list of the range is in the period.
    pub fn has_first_list(&self) -> bool {
        let first = self.discoveries.first().map(|list| list.snapshot_date);
        first == self.first_snapshot_date
    }
}

impl TopTenTrack {
    /// Whether the track is among the first ten of the list of this day, which is the last one of all weeks.
    pub fn is_still_there(&self, last: NaiveDate) -> bool {
        let latest = self.weeks.last();
        latest.is_some_and(|week| week.snapshot_date == last)
    }
}

/// The place of a track on the list of a week.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct TopTenWeek {
    /// The day of the list.
    pub snapshot_date: NaiveDate,
    /// The position on the list; 1 is the top. It differs from the rank only if ranks are equal or missing.
    pub place: i64,
}
