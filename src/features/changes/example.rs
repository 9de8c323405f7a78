//! An example for the document. The music is invented.

use super::groups::{ChangedTrack, LeftTrack, ListChanges};
use crate::features::snapshots::query::SnapshotList;
use chrono::NaiveDate;
use poem_openapi::types::Example;

impl Example for ListChanges {
    fn example() -> Self {
        let [listed] = SnapshotList::example()
            .items
            .try_into()
            .expect("the example has one track");
        Self {
            since: NaiveDate::from_ymd_opt(2026, 2, 28),
            newcomer_count: Some(4),
            track_count: 50,
            newcomer_count_above_ties: Some(1),
            track_count_above_ties: 40,
            tied_from: Some(41),
            since_tied_from: Some(44),
            rank_biased_overlap: Some(0.875),
            kendall_distance: Some(0.0625),
            new: Vec::new(),
            back: Vec::new(),
            climbed: vec![ChangedTrack {
                listed: listed.clone(),
                previous_rank: Some(3),
            }],
            fell: Vec::new(),
            held: Vec::new(),
            left: vec![LeftTrack::from(listed)],
        }
    }
}
