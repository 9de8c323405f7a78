//! The ranks of one track over time: its stays on the list of each range, its peak and its debut.

use crate::error::Result;
use crate::features::snapshots::kept_days::{KeptDays, Span, gaps, kept_days};
use crate::features::snapshots::query::as_of;
use crate::features::tracks::query::{Placement, history};
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use sea_orm::ConnectionTrait;

/// A track on the lists up to a day.
#[derive(Debug)]
pub struct TrackRanks {
    /// The first day on a list of any range.
    pub first_seen: NaiveDate,
    pub as_of: NaiveDate,
    /// At least one: the ranges on whose lists the track was, the shortest first.
    pub ranges: Vec<RangeRanks>,
    /// The days since then without a list of any range.
    pub without_list: Vec<Span>,
}

/// A track on the lists of one range.
#[derive(Debug)]
pub struct RangeRanks {
    pub time_range: TimeRange,
    /// The rank on the latest list.
    pub now: Option<i32>,
    /// The days since the latest list has had the track at the top, that of the latest list included; 0 if it has not.
    pub days_at_top: i64,
    pub debut: Place,
    /// The best rank, on the first day that has it.
    pub peak: Place,
    pub latest: Place,
    /// The number of lists with the track.
    pub day_count: usize,
    /// Oldest first; at least one.
    pub stays: Vec<Stay>,
    /// Runs of days one after the other, each with a list that has the track.
    pub lines: Vec<Vec<Place>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub day: NaiveDate,
    /// 1 is the top.
    pub rank: i32,
}

/// A run of lists one after the other that have the track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    pub from: Place,
    pub to: NaiveDate,
    pub best_rank: i32,
    /// The run reaches the latest list.
    pub is_still_on: bool,
}

impl Stay {
    /// The first and the last day count, and so do days without a list between them.
    pub fn days(&self) -> i64 {
        days(self.from.day, self.to)
    }
}

/// `None` if the track was on no list up to today. An error if there is no such track.
pub async fn track_ranks(
    db: &impl ConnectionTrait,
    track_id: &str,
    today: NaiveDate,
) -> Result<Option<TrackRanks>> {
    let placements = history(db, track_id).await?.items;
    let Some(as_of) = as_of(db, today).await? else {
        return Ok(None);
    };
    let up_to_date = |placement: &Placement| placement.snapshot_date <= as_of;
    let placements: Vec<_> = placements.into_iter().filter(up_to_date).collect();
    let first = placements.iter().map(|placement| placement.snapshot_date);
    let Some(first_seen) = first.min() else {
        return Ok(None);
    };
    let kept = kept_days(db, Some(first_seen), as_of).await?;
    Ok(Some(TrackRanks::of(
        &placements,
        &kept,
        (first_seen, as_of),
    )))
}

impl TrackRanks {
    fn of(placements: &[Placement], kept: &KeptDays, (first_seen, as_of): Span) -> Self {
        let ranges = TimeRange::ALL.into_iter().filter_map(|time_range| {
            let places: Vec<_> = placements
                .iter()
                .filter(|placement| placement.time_range == time_range)
                .map(|placement| Place {
                    day: placement.snapshot_date,
                    rank: placement.rank,
                })
                .collect();
            RangeRanks::of(time_range, &places, kept.of(time_range))
        });
        Self {
            first_seen,
            as_of,
            ranges: ranges.collect(),
            without_list: gaps(kept.any()),
        }
    }

    /// The shortest range on whose lists the track was.
    pub fn main(&self) -> &RangeRanks {
        &self.ranges[0]
    }

    pub fn of_range(&self, time_range: TimeRange) -> Option<&RangeRanks> {
        let mut ranges = self.ranges.iter();
        ranges.find(|range| range.time_range == time_range)
    }

    /// The greatest number of a rank.
    pub fn lowest_rank(&self) -> i32 {
        let lines = self.ranges.iter().flat_map(|range| &range.lines);
        lines.flatten().map(|place| place.rank).max().unwrap_or(1)
    }
}

impl RangeRanks {
    /// `kept` are the days with a list of this range. The places are on some of them, oldest first.
    fn of(time_range: TimeRange, places: &[Place], kept: &[NaiveDate]) -> Option<Self> {
        let (debut, latest) = (*places.first()?, *places.last()?);
        let is_on = kept.last() == Some(&latest.day);
        let at_top = places.iter().rev().take_while(|place| place.rank == 1);
        Some(Self {
            time_range,
            now: is_on.then_some(latest.rank),
            days_at_top: match runs(places, kept).last() {
                Some(last) if is_on => at_top
                    .take(last.len())
                    .last()
                    .map_or(0, |first| days(first.day, latest.day)),
                _ => 0,
            },
            debut,
            peak: *places.iter().min_by_key(|place| (place.rank, place.day))?,
            latest,
            day_count: places.len(),
            stays: runs(places, kept)
                .into_iter()
                .map(|run| stay(run, kept))
                .collect(),
            lines: places
                .chunk_by(|place, next| place.day.succ_opt() == Some(next.day))
                .map(<[Place]>::to_vec)
                .collect(),
        })
    }
}

/// Cuts the places where a list came without the track.
fn runs<'a>(places: &'a [Place], kept: &[NaiveDate]) -> Vec<&'a [Place]> {
    let next_list = |day: NaiveDate| {
        let later = kept.partition_point(|kept| *kept <= day);
        kept.get(later)
    };
    places
        .chunk_by(|place, next| next_list(place.day) == Some(&next.day))
        .collect()
}

fn stay(run: &[Place], kept: &[NaiveDate]) -> Stay {
    let (from, to) = (run[0], run[run.len() - 1].day);
    let best = run.iter().map(|place| place.rank).min();
    Stay {
        from,
        to,
        best_rank: best.unwrap_or(from.rank),
        is_still_on: kept.last() == Some(&to),
    }
}

/// Both days count.
fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March")
    }

    fn ranks(places: &[(u32, i32)], kept: &[u32]) -> RangeRanks {
        let place = |(on, rank): &(u32, i32)| Place {
            day: day(*on),
            rank: *rank,
        };
        let places: Vec<_> = places.iter().map(place).collect();
        let kept: Vec<_> = kept.iter().copied().map(day).collect();
        RangeRanks::of(TimeRange::ShortTerm, &places, &kept).expect("there are places")
    }

    #[test]
    fn a_day_without_a_list_is_inside_a_stay_but_ends_a_line() {
        let ranks = ranks(&[(1, 4), (3, 2), (6, 5)], &[1, 3, 5, 6]);

        let stays: Vec<_> = ranks
            .stays
            .iter()
            .map(|stay| {
                (
                    stay.from.rank,
                    stay.days(),
                    stay.best_rank,
                    stay.is_still_on,
                )
            })
            .collect();
        assert_eq!(stays, [(4, 3, 2, false), (5, 1, 5, true)]);
        assert_eq!(ranks.lines.len(), 3);
        assert_eq!((ranks.now, ranks.day_count), (Some(5), 3));
    }

    #[test]
    fn the_peak_is_the_first_day_with_the_best_rank() {
        let ranks = ranks(&[(1, 4), (2, 2), (3, 2)], &[1, 2, 3, 4]);

        assert_eq!((ranks.peak.day, ranks.peak.rank), (day(2), 2));
        assert_eq!((ranks.debut.day, ranks.debut.rank), (day(1), 4));
        assert_eq!(ranks.now, None);
    }

    #[test]
    fn days_at_the_top_are_those_up_to_the_latest_list() {
        for (places, kept, expected) in [
            (&[(1, 1), (2, 2), (3, 1), (5, 1)][..], &[1, 2, 3, 5][..], 3),
            (&[(1, 1), (3, 1)], &[1, 2, 3], 1),
            (&[(1, 1), (2, 1)], &[1, 2, 3], 0),
            (&[(1, 1), (2, 2)], &[1, 2], 0),
        ] {
            assert_eq!(ranks(places, kept).days_at_top, expected, "{places:?}");
        }
    }
}
