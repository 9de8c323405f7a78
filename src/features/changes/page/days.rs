//! The days of a comparison: those that are kept, those nearest to the days asked for, and the presets.

use crate::error::Result;
use crate::features::snapshots::nearest::{Nearest, nearest_days};
use crate::payload::FIRST_DAY;
use chrono::{Days, Months, NaiveDate};
use entity::snapshot::TimeRange;
use sea_orm::ConnectionTrait;

/// The earlier and the later day.
pub type Pair = (NaiveDate, NaiveDate);

/// The days that a reader asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    pub since: Option<NaiveDate>,
    pub date: Option<NaiveDate>,
}

/// What the page says about days.
pub struct ComparedDays {
    pub since: Nearest,
    pub date: Nearest,
    /// The first and the latest day of the range.
    pub span: (Option<NaiveDate>, Option<NaiveDate>),
    /// The days to compare with, and their names.
    pub presets: Vec<(&'static str, NaiveDate)>,
    /// The days asked for without a list, each with the day that is shown in its place.
    pub moved: Vec<(NaiveDate, NaiveDate)>,
}

/// One statement.
pub async fn compared_days(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (since, date): Pair,
    (asked, today): (Asked, NaiveDate),
) -> Result<ComparedDays> {
    let presets = [
        ("the list before", date - Days::new(1)),
        ("a week before", date - Days::new(7)),
        ("a month before", date - Months::new(1)),
        ("a year before", date - Months::new(12)),
    ];
    let mut days = vec![FIRST_DAY, today, since, date];
    days.extend(presets.iter().map(|(_, day)| *day));
    let asked = [(asked.since, since), (asked.date, date)];
    let asked: Vec<Pair> = asked
        .into_iter()
        .filter_map(|(asked, shown)| Some((asked?, shown)))
        .collect();
    days.extend(asked.iter().map(|(asked, _)| *asked));
    let nearest = nearest_days(db, time_range, &days, today.max(date)).await?;
    let (kept, around_asked) = nearest.split_at(4 + presets.len());
    Ok(ComparedDays {
        since: kept[2],
        date: kept[3],
        span: (kept[0].after, kept[1].before),
        presets: presets
            .iter()
            .zip(&kept[4..])
            .filter_map(|((name, _), nearest)| Some((*name, nearest.before?)))
            .collect(),
        moved: asked
            .into_iter()
            .zip(around_asked)
            .filter(|(_, nearest)| !nearest.is_kept())
            .map(|(moved, _)| moved)
            .collect(),
    })
}

/// The kept days to compare: those asked for, else the nearest at or before them, else after them; without a day asked
/// for, the latest list and the list before. `None` if the range has fewer than two lists up to today.
pub async fn nearest_pair(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    asked: Asked,
    today: NaiveDate,
) -> Result<Option<Pair>> {
    let Asked { since, date } = asked.in_order();
    let date = date.unwrap_or(today);
    let days = [since.unwrap_or(date), date];
    let nearest = nearest_days(db, time_range, &days, today).await?;
    let Some(date) = nearest[1].before_or_after() else {
        return Ok(None);
    };
    let days = [date - Days::new(1), date + Days::new(1)];
    let neighbours = nearest_days(db, time_range, &days, today).await?;
    let asked = since.and_then(|_| nearest[0].before_or_after());
    let earlier = asked.filter(|since| *since < date);
    Ok(match earlier.or(neighbours[0].before) {
        Some(since) => Some((since, date)),
        None => neighbours[1].after.map(|after| (date, after)),
    })
}

impl Asked {
    pub fn in_order(self) -> Self {
        match (self.since, self.date) {
            (Some(since), Some(date)) if since > date => Self {
                since: Some(date),
                date: Some(since),
            },
            _ => self,
        }
    }
}
