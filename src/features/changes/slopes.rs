//! Two lists side by side, each track joined with itself: the places to draw.

use super::query::{ComparedList, ComparedTrack, Movement, Since};
use std::collections::HashMap;

/// Places are drawn up to this one.
pub const DRAWN: usize = 100;

/// Which places to join, and which to mark. A place is an index into a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slopes {
    /// The rank at each place of the earlier list.
    pub before: Vec<i32>,
    /// The same for the later list.
    pub after: Vec<i32>,
    /// Pairs of an earlier and a later place.
    pub climbed: Vec<(usize, usize)>,
    pub fell_or_held: Vec<(usize, usize)>,
    pub new: Vec<usize>,
    pub back: Vec<usize>,
    pub left: Vec<usize>,
    /// Earlier places of tracks whose later place is not drawn.
    pub to_beyond: Vec<usize>,
    /// Later places of tracks whose earlier place is not drawn.
    pub from_beyond: Vec<usize>,
    /// Whether a list is longer than what is drawn.
    pub is_cut: bool,
}

impl Slopes {
    pub fn of(list: &ComparedList, since: &Since) -> Self {
        let earlier = earlier_list(list, since);
        let earlier_places: HashMap<_, _> = earlier
            .iter()
            .enumerate()
            .map(|(place, (_, track_id))| (*track_id, place))
            .collect();
        let mut slopes = Self {
            before: earlier.iter().take(DRAWN).map(|(rank, _)| *rank).collect(),
            is_cut: earlier.len().max(list.tracks.len()) > DRAWN,
            ..Self::default()
        };
        for (place, row) in list.tracks.iter().enumerate() {
            if place < DRAWN {
                slopes.after.push(row.track.rank);
            }
            slopes.add(row, earlier_places.get(row.track.place().1).copied(), place);
        }
        let left = since.left.iter().map(|row| earlier_places[row.place().1]);
        slopes.left = left.filter(|place| *place < DRAWN).collect();
        slopes
    }

    fn add(&mut self, row: &ComparedTrack, from: Option<usize>, to: usize) {
        match (from, row.movement) {
            (None, Some(Movement::New)) if to < DRAWN => self.new.push(to),
            (None, Some(_)) if to < DRAWN => self.back.push(to),
            (Some(from), Some(Movement::Up(_))) if from < DRAWN && to < DRAWN => {
                self.climbed.push((from, to));
            }
            (Some(from), _) if from < DRAWN && to < DRAWN => self.fell_or_held.push((from, to)),
            (Some(from), _) if from < DRAWN => self.to_beyond.push(from),
            (Some(_), _) if to < DRAWN => self.from_beyond.push(to),
            _ => {}
        }
    }
}

/// The earlier list, in its order.
fn earlier_list<'a>(list: &'a ComparedList, since: &'a Since) -> Vec<(i32, &'a str)> {
    let stayed = list
        .tracks
        .iter()
        .filter_map(|row| Some((row.previous_rank?, row.track.place().1)));
    let left = since.left.iter().map(|row| row.place());
    let mut earlier: Vec<_> = stayed.chain(left).collect();
    earlier.sort_unstable();
    earlier
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::changes::drift::Drift;
    use crate::features::changes::query::Turnover;
    use crate::features::snapshots::query::RankedTrack;
    use crate::features::tracks::query::TrackSummary;
    use chrono::NaiveDate;
    use entity::snapshot::TimeRange;
    use poem_openapi::types::Example;

    fn ranked(rank: i32, track_id: &str) -> RankedTrack {
        RankedTrack {
            rank,
            track: TrackSummary {
                track_id: track_id.into(),
                ..TrackSummary::example()
            },
            cover_url: None,
        }
    }

    /// The slopes of a list, given as ids with their previous ranks, and of the tracks that left.
    fn slopes(later: &[(&str, Option<i32>)], left: &[(i32, &str)]) -> Slopes {
        let compared = |(rank, (track_id, previous_rank)): (i32, &(&str, Option<i32>))| {
            let movement = match previous_rank {
                None => Movement::New,
                Some(previous) if *previous > rank => Movement::Up(previous - rank),
                Some(previous) if *previous < rank => Movement::Down(rank - previous),
                Some(_) => Movement::Same,
            };
            ComparedTrack {
                track: ranked(rank, track_id),
                previous_rank: *previous_rank,
                movement: Some(movement),
            }
        };
        let since = Since {
            date: NaiveDate::default(),
            tied_from: None,
            left: left.iter().map(|(rank, id)| ranked(*rank, id)).collect(),
            turnover: Turnover::default(),
            turnover_above_ties: Turnover::default(),
            drift: Drift::between::<i32>(&[], &[]),
        };
        let list = ComparedList {
            snapshot_date: NaiveDate::default(),
            time_range: TimeRange::ShortTerm,
            tracks: (1..).zip(later).map(compared).collect(),
            tied_from: None,
            since: None,
        };
        Slopes::of(&list, &since)
    }

    #[test]
    fn places_are_joined_whatever_the_ranks_are() {
        let later = [("a", Some(7)), ("b", None), ("c", Some(1))];

        let slopes = slopes(&later, &[(2, "d"), (7, "e")]);

        assert_eq!(slopes.before, [1, 2, 7, 7]);
        assert_eq!(slopes.after, [1, 2, 3]);
        assert_eq!(
            (slopes.climbed, slopes.fell_or_held),
            (vec![(2, 0)], vec![(0, 2)])
        );
        assert_eq!((slopes.new, slopes.left), (vec![1], vec![1, 3]));
        assert!(!slopes.is_cut);
    }

    #[test]
    fn a_line_that_leads_beyond_the_drawn_places_ends_early() {
        let ids: Vec<String> = (0..=DRAWN).map(|id| id.to_string()).collect();
        let mut later: Vec<_> = ids.iter().map(|id| (id.as_str(), None)).collect();
        later[0].1 = Some(DRAWN as i32 + 1);
        later[DRAWN].1 = Some(1);
        let left: Vec<_> = (2..)
            .zip(&ids[1..DRAWN])
            .map(|(rank, _)| (rank, "x"))
            .collect();

        let slopes = slopes(&later, &left);

        assert_eq!((slopes.to_beyond, slopes.from_beyond), (vec![0], vec![0]));
        assert_eq!((slopes.before.len(), slopes.after.len()), (DRAWN, DRAWN));
        assert_eq!(slopes.new.len(), DRAWN - 1);
        assert!(slopes.is_cut && slopes.climbed.is_empty());
    }
}
