//! The lists there are, remembered from one question to the next: only those that have changed are
//! asked for again.

use crate::db::{self, Database, Mark, Run};
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::{self, Column, TimeRange};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    Statement,
};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// With more changes it is cheaper to forget everything.
const MOST_CHANGES: usize = 100;

/// What a list holds, as a number by which lists are compared.
pub type Fingerprint = u64;

/// For all who ask the same database.
#[derive(Clone, Default)]
pub struct Lists(Arc<Mutex<Known>>);

#[derive(Default)]
pub struct Known {
    /// Up to which moment, and in which run of the server.
    mark: Option<(Run, Mark)>,
    /// The days of each range; what was on them, where that has been asked for.
    days: BTreeMap<TimeRange, BTreeMap<NaiveDate, Option<Fingerprint>>>,
}

impl Lists {
    /// A moment in which all questions agree, and the lists there are in it.
    pub async fn at_a_moment(
        &self,
        database: &Database,
    ) -> Result<(DatabaseTransaction, OwnedMutexGuard<Known>)> {
        // First: what is known must not be of a later moment.
        let mut known = self.0.clone().lock_owned().await;
        let run = database.truth().await?.run;
        let moment = database.moment().await?;
        known.catch_up(&moment, run).await?;
        Ok((moment, known))
    }
}

impl Known {
    /// Who goes away half-way leaves what was known before.
    async fn catch_up(&mut self, moment: &impl ConnectionTrait, run: Run) -> Result<()> {
        let mark = self.mark.as_ref().filter(|(then, _)| *then == run);
        let changes = db::changes(moment, mark.map(|(_, mark)| mark)).await?;
        match changes.lists.filter(|lists| lists.len() <= MOST_CHANGES) {
            Some(changed) => {
                let mut there = Vec::with_capacity(changed.len());
                for (range, day) in changed {
                    there.push((range, day, is_there(moment, range, day).await?));
                }
                for (range, day, is_there) in there {
                    let days = self.days.entry(range).or_default();
                    match is_there {
                        true => drop(days.insert(day, None)),
                        false => drop(days.remove(&day)),
                    }
                }
            }
            None => {
                let mut days: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
                for (range, day) in lists(moment).await? {
                    days.entry(range).or_default().insert(day, None);
                }
                self.days = days;
            }
        }
        self.mark = changes.mark.map(|mark| (run, mark));
        Ok(())
    }

    /// The days on which any list was kept, oldest first.
    pub fn days(&self) -> Vec<NaiveDate> {
        let days = self.days.values().flat_map(BTreeMap::keys);
        let mut days: Vec<NaiveDate> = days.copied().collect();
        days.sort();
        days.dedup();
        days
    }

    /// The day of the newest list of a range.
    pub fn latest_day(&self, time_range: TimeRange) -> Option<NaiveDate> {
        Some(*self.days.get(&time_range)?.last_key_value()?.0)
    }

    /// The day of the newest list of a range before a day.
    pub fn day_before(&self, time_range: TimeRange, day: NaiveDate) -> Option<NaiveDate> {
        let mut before = self.days.get(&time_range)?.range(..day);
        Some(*before.next_back()?.0)
    }

    /// The lists of a range from one day to another.
    pub async fn fingerprints(
        &mut self,
        moment: &impl ConnectionTrait,
        time_range: TimeRange,
        (first, last): (NaiveDate, NaiveDate),
    ) -> Result<BTreeMap<NaiveDate, Fingerprint>> {
        let days = self.days.entry(time_range).or_default();
        let of_span = days.range(first..=last);
        let unknown: Vec<NaiveDate> = of_span
            .filter(|(_, print)| print.is_none())
            .map(|(day, _)| *day)
            .collect();
        if !unknown.is_empty() {
            days.extend(
                fingerprints(moment, time_range, unknown)
                    .await?
                    .into_iter()
                    .map(|(day, print)| (day, Some(print))),
            );
        }
        let known = days.range(first..=last);
        Ok(known
            .filter_map(|(day, print)| Some((*day, (*print)?)))
            .collect())
    }
}

async fn is_there(
    moment: &impl ConnectionTrait,
    time_range: TimeRange,
    day: NaiveDate,
) -> Result<bool> {
    let row: Option<i32> = snapshot::Entity::find()
        .select_only()
        .column(Column::Rank)
        .filter(Column::SnapshotDate.eq(day))
        .filter(Column::TimeRange.eq(time_range))
        .limit(1)
        .into_tuple()
        .one(moment)
        .await?;
    Ok(row.is_some())
}

/// All lists, found by jumping from day to day in the index, however many rows each has: the limit
/// keeps PostgreSQL from reading all of them to find which there are.
async fn lists(moment: &impl ConnectionTrait) -> Result<Vec<(TimeRange, NaiveDate)>> {
    let rows = moment
        .query_all_raw(Statement::from_string(moment.get_database_backend(), LISTS))
        .await?;
    let mut lists = Vec::with_capacity(rows.len());
    for row in rows {
        let day: String = row.try_get_by("day")?;
        // What is no day of four digits nobody has put through this program.
        if let Ok(day) = day.parse() {
            lists.push((row.try_get_by("time_range")?, day));
        }
    }
    Ok(lists)
}

const LISTS: &str = "
WITH RECURSIVE days (snapshot_date) AS (
    SELECT first.snapshot_date
    FROM (SELECT snapshot_date FROM snapshots ORDER BY snapshot_date LIMIT 1) AS first
    UNION ALL
    SELECT (
        SELECT later.snapshot_date FROM snapshots AS later
        WHERE later.snapshot_date > days.snapshot_date
        ORDER BY later.snapshot_date LIMIT 1
    )
    FROM days WHERE days.snapshot_date IS NOT NULL
), ranges (time_range) AS (VALUES ('short_term'), ('medium_term'), ('long_term'))
SELECT CAST(days.snapshot_date AS text) AS day, ranges.time_range
FROM days CROSS JOIN ranges
WHERE 1 = (
    SELECT 1 FROM snapshots
    WHERE snapshots.snapshot_date = days.snapshot_date AND snapshots.time_range = ranges.time_range
    LIMIT 1
)";

async fn fingerprints(
    moment: &impl ConnectionTrait,
    time_range: TimeRange,
    days: Vec<NaiveDate>,
) -> Result<Vec<(NaiveDate, Fingerprint)>> {
    let rows: Vec<(NaiveDate, String)> = snapshot::Entity::find()
        .select_only()
        .column(Column::SnapshotDate)
        .column_as(db::ranking_text(moment.get_database_backend()), "ranking")
        .filter(Column::SnapshotDate.is_in(days))
        .filter(Column::TimeRange.eq(time_range))
        .group_by(Column::SnapshotDate)
        .into_tuple()
        .all(moment)
        .await?;
    let print = |text: String| BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
    Ok(rows
        .into_iter()
        .map(|(day, ranking)| (day, print(ranking)))
        .collect())
}
