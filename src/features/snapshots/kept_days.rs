//! The days that have lists, for each range, and the days between that have none.

use crate::db;
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use sea_orm::ConnectionTrait;

/// Earlier than any day of a list.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");

/// The days with a list, oldest first.
#[derive(Debug, Default)]
pub struct KeptDays {
    /// In the order of [`TimeRange::ALL`].
    ranges: [Vec<NaiveDate>; 3],
    /// The days with a list of any range.
    any: Vec<NaiveDate>,
}

/// From the first day to the last, both included.
pub type Span = (NaiveDate, NaiveDate);

/// The days from a day (`None`: the first list) to another.
pub async fn kept_days(
    db: &impl ConnectionTrait,
    from: Option<NaiveDate>,
    to: NaiveDate,
) -> Result<KeptDays> {
    let lists = db::kept_lists(db, from.unwrap_or(EARLIEST), to).await?;
    let mut kept = KeptDays::default();
    for (day, time_range) in lists {
        kept.ranges[time_range as usize].push(day);
        if kept.any.last() != Some(&day) {
            kept.any.push(day);
        }
    }
    Ok(kept)
}

impl KeptDays {
    pub fn of(&self, time_range: TimeRange) -> &[NaiveDate] {
        &self.ranges[time_range as usize]
    }

    pub fn any(&self) -> &[NaiveDate] {
        &self.any
    }
}

/// The runs of days without a list between the first and the last of these days.
pub fn gaps(days: &[NaiveDate]) -> Vec<Span> {
    let neighbours = days.iter().zip(days.iter().skip(1));
    neighbours
        .filter_map(|(day, next)| Some((day.succ_opt()?, next.pred_opt()?)))
        .filter(|(from, to)| from <= to)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March")
    }

    #[test]
    fn gaps_are_the_runs_of_days_between_that_are_not_there() {
        type Case = (&'static [u32], &'static [(u32, u32)]);
        let cases: [Case; 4] = [
            (&[], &[]),
            (&[3], &[]),
            (&[3, 4, 5], &[]),
            (&[1, 3, 4, 9], &[(2, 2), (5, 8)]),
        ];
        for (days, expected) in cases {
            let days: Vec<_> = days.iter().copied().map(day).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(from, to)| (day(*from), day(*to)))
                .collect();
            assert_eq!(gaps(&days), expected, "{days:?}");
        }
    }
}
