//! How the state of a day follows from its list and the attempts to take it. Today waits for its list while there is a
//! connection to take it.

use super::query::{Day, DayState};
use crate::error::Result;
use crate::features::snapshots::days::{Beginning, Ranking, beginnings, rankings};
use crate::store::connection::{State, connection};
use chrono::NaiveDate;
use entity::capture::{self, Outcome};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{BTreeMap, HashMap};

/// The days from the first to the last, for each of some ranges. Days after today have no state.
pub async fn days<const N: usize>(
    db: &impl ConnectionTrait,
    time_ranges: [TimeRange; N],
    (first, last): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<[Vec<Day>; N]> {
    let beginnings = beginnings(db, &time_ranges, first).await?;
    let all = first.iter_days().take_while(|date| *date <= last);
    let (dates, ahead): (Vec<_>, Vec<_>) = all.partition(|date| *date <= today);
    let before = beginnings.iter().filter_map(|beginning| beginning.before);
    let before = before.filter(|_| !dates.is_empty());
    let read = before.chain(dates.iter().copied());
    let lists = rankings(db, &time_ranges, read).await?;
    let mut attempts = attempts(db, &time_ranges, &dates, &lists).await?;
    let is_waiting = dates.last() == Some(&today) && is_connected(db).await?;
    let mut beginnings = beginnings.into_iter();
    Ok(time_ranges.map(|time_range| {
        let mut days = Vec::with_capacity(dates.len());
        let beginning = beginnings.next().unwrap_or_default();
        let attempts = attempts.remove(&time_range).unwrap_or_default();
        let is_untried = is_waiting && !attempts.contains_key(&today);
        add_past(&mut days, &dates, (time_range, beginning), &lists, attempts);
        if let Some(last) = days
            .last_mut()
            .filter(|day| is_untried && !day.state.has_list())
        {
            last.state = DayState::Waiting;
        }
        let ahead = ahead.iter().copied();
        days.extend(ahead.map(|date| Day::without_list(date, DayState::None, None)));
        days
    }))
}

/// Whether a list of today is still to be taken. None is after the consent has ended.
async fn is_connected(db: &impl ConnectionTrait) -> Result<bool> {
    let connection = connection(db).await?;
    Ok(connection.is_some_and(|connection| connection.state != State::ConsentEnded))
}

type Lists = HashMap<(TimeRange, NaiveDate), Ranking>;

/// The attempts of each day with their reasons, the last one last.
type Attempts = BTreeMap<NaiveDate, Vec<(Outcome, Option<String>)>>;

fn add_past(
    days: &mut Vec<Day>,
    dates: &[NaiveDate],
    (time_range, beginning): (TimeRange, Beginning),
    lists: &Lists,
    mut attempts: Attempts,
) {
    let list = |date| lists.get(&(time_range, date));
    let mut previous = beginning.before.and_then(list);
    for date in dates.iter().copied() {
        let attempts = attempts.remove(&date).unwrap_or_default();
        days.push(match list(date) {
            Some(list) => {
                let is_same = previous.replace(list) == Some(list);
                with_list(date, list.track_count, attempts, is_same)
            }
            None => {
                let is_after_first = beginning.first.is_some_and(|first| date > first);
                without_list(date, attempts, is_after_first)
            }
        });
    }
}

fn with_list(
    snapshot_date: NaiveDate,
    track_count: i64,
    attempts: Vec<(Outcome, Option<String>)>,
    is_same: bool,
) -> Day {
    let brought_list =
        |(outcome, _): &(Outcome, _)| !matches!(outcome, Outcome::Empty | Outcome::Failed);
    let (state, reason) = match attempts.into_iter().rfind(brought_list) {
        Some((Outcome::Degraded, reason)) => (DayState::Degraded, reason),
        _ if is_same => (DayState::Same, None),
        _ => (DayState::Kept, None),
    };
    Day {
        snapshot_date,
        state,
        track_count: Some(track_count),
        reason,
    }
}

fn without_list(
    date: NaiveDate,
    attempts: Vec<(Outcome, Option<String>)>,
    is_after_first: bool,
) -> Day {
    let (state, reason) = match attempts.into_iter().next_back() {
        Some((Outcome::Failed, reason)) => (DayState::Failed, reason),
        Some((Outcome::Empty, reason)) => (DayState::Empty, reason),
        None if is_after_first => (DayState::Missed, None),
        Some(_) | None => (DayState::None, None),
    };
    Day::without_list(date, state, reason)
}

/// The attempts of each range and day without a list, or with an attempt that brought no good one.
async fn attempts(
    db: &impl ConnectionTrait,
    time_ranges: &[TimeRange],
    dates: &[NaiveDate],
    lists: &Lists,
) -> Result<HashMap<TimeRange, Attempts>> {
    let mut by_range: HashMap<_, Attempts> = HashMap::new();
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return Ok(by_range);
    };
    let key = [capture::Column::SnapshotDate, capture::Column::TimeRange];
    let good = [Outcome::Captured, Outcome::Unchanged];
    let of_days = Condition::all()
        .add(capture::Column::SnapshotDate.between(*first, *last))
        .add(capture::Column::TimeRange.is_in(time_ranges.iter().copied()));
    let not_good = Query::select()
        .columns(key)
        .from(capture::Entity)
        .cond_where(of_days.clone())
        .and_where(capture::Column::Outcome.is_not_in(good))
        .to_owned();
    let mut wanted = Condition::any().add(Expr::tuple(key.map(Expr::col)).in_subquery(not_good));
    for time_range in time_ranges {
        let absent = dates
            .iter()
            .filter(|date| !lists.contains_key(&(*time_range, **date)));
        let absent = capture::Column::SnapshotDate.is_in(absent.copied());
        wanted = wanted.add(capture::Column::TimeRange.eq(*time_range).and(absent));
    }
    let rows: Vec<(TimeRange, NaiveDate, Outcome, Option<String>)> = capture::Entity::find()
        .select_only()
        .column(capture::Column::TimeRange)
        .column(capture::Column::SnapshotDate)
        .columns([capture::Column::Outcome, capture::Column::Reason])
        .filter(of_days)
        .filter(wanted)
        .order_by_asc(capture::Column::CapturedAt)
        .order_by_asc(capture::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    for (time_range, date, outcome, reason) in rows {
        let attempts = by_range.entry(time_range).or_default();
        attempts.entry(date).or_default().push((outcome, reason));
    }
    Ok(by_range)
}
