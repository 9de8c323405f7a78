//! The changes of a list, grouped by how its tracks moved.

use super::query::{ComparedList, ComparedTrack, Movement};
use crate::features::snapshots::query::RankedTrack;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use poem_openapi::Object;

/// What changed between two lists. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ListChanges {
    /// The day of the earlier list. Left out for the first list, together with the numbers that compare.
    pub since: Option<NaiveDate>,
    /// Tracks that were not on the earlier list.
    pub newcomer_count: Option<i64>,
    pub track_count: i64,
    /// Tracks before the tied tail that were not on the earlier list.
    pub newcomer_count_above_ties: Option<i64>,
    /// Tracks before the tied tail. 0 if all are tied.
    pub track_count_above_ties: i64,
    /// The rank at which the tied tail of the list begins. Left out if there is none.
    pub tied_from: Option<i32>,
    /// The same for the earlier list.
    pub since_tied_from: Option<i32>,
    /// Extrapolated rank-biased overlap with p = 0.98: 1 for equal lists, 0 for lists that share no track.
    pub rank_biased_overlap: Option<f64>,
    /// Kendall's distance for top-k lists with p = ½, normalized: 0 for equal lists, 1 for lists that share no track.
    pub kendall_distance: Option<f64>,
    /// Never on a list of this range before.
    pub new: Vec<ChangedTrack>,
    /// On an earlier list of this range, but not on the one compared with.
    pub back: Vec<ChangedTrack>,
    /// Nearer the top.
    pub climbed: Vec<ChangedTrack>,
    /// Farther from the top.
    pub fell: Vec<ChangedTrack>,
    /// At the same rank.
    pub held: Vec<ChangedTrack>,
    /// On the earlier list only, in its order.
    pub left: Vec<LeftTrack>,
}

/// A track of the later list. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ChangedTrack {
    #[oai(flatten)]
    pub listed: RankedTrack,
    /// The rank on the earlier list. Left out if the track is not on it.
    pub previous_rank: Option<i32>,
}

/// A track of the earlier list. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LeftTrack {
    /// The rank on the earlier list.
    pub previous_rank: i32,
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
}

impl ListChanges {
    pub fn of(list: ComparedList) -> Self {
        let since = list.since.as_ref();
        let above_ties = list.turnover(list.tied_from);
        let mut changes = Self {
            since: since.map(|since| since.date),
            newcomer_count: since.map(|since| since.turnover.newcomer_count),
            track_count: list.tracks.len() as i64,
            newcomer_count_above_ties: since.map(|_| above_ties.newcomer_count),
            track_count_above_ties: above_ties.track_count,
            tied_from: list.tied_from,
            since_tied_from: since.and_then(|since| since.tied_from),
            rank_biased_overlap: since.map(|since| since.drift.rank_biased_overlap),
            kendall_distance: since.map(|since| since.drift.kendall_distance),
            new: Vec::new(),
            back: Vec::new(),
            climbed: Vec::new(),
            fell: Vec::new(),
            held: Vec::new(),
            left: Vec::new(),
        };
        let left = list.since.into_iter().flat_map(|since| since.left);
        changes.left = left.map(LeftTrack::from).collect();
        for row in list.tracks {
            changes.add(row);
        }
        changes
    }

    /// The tracks of the first list are in no group.
    fn add(&mut self, row: ComparedTrack) {
        let group = match row.movement {
            None => return,
            Some(Movement::New) => &mut self.new,
            Some(Movement::Back) => &mut self.back,
            Some(Movement::Up(_)) => &mut self.climbed,
            Some(Movement::Down(_)) => &mut self.fell,
            Some(Movement::Same) => &mut self.held,
        };
        group.push(ChangedTrack {
            listed: row.track,
            previous_rank: row.previous_rank,
        });
    }
}

impl From<RankedTrack> for LeftTrack {
    fn from(left: RankedTrack) -> Self {
        Self {
            previous_rank: left.rank,
            track: left.track,
            cover_url: left.cover_url,
        }
    }
}
