//! The lists there are, remembered from one question to the next: only those that have changed are
//! asked for again.

use crate::db::{self, Database, Mark};
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::{self, Column, TimeRange};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, Statement,
};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// With more changes it is cheaper to forget everything.
const MOST_CHANGES: usize = 100;

/// What a list holds, in a number: lists that differ have another one.
pub type Fingerprint = u64;

/// For all who ask the same database.
#[derive(Clone, Default)]
pub struct Lists(Arc<Mutex<Known>>);

#[derive(Default)]
pub struct Known {
    /// Up to which moment.
    mark: Option<Mark>,
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
        let moment = database.moment().await?;
        known.catch_up(&moment).await?;
        Ok((moment, known))
    }
}

impl Known {
    /// Who goes away half-way leaves what was known before.
    async fn catch_up(&mut self, moment: &impl ConnectionTrait) -> Result<()> {
        let changes = db::changes(moment, self.mark.as_ref()).await?;
        let few = changes.lists.filter(|lists| lists.len() <= MOST_CHANGES);
        match few {
            Some(changed) if changed.is_empty() => {}
            Some(changed) => {
                let any = changed.iter().map(|(range, day)| {
                    Condition::all()
                        .add(Column::SnapshotDate.eq(*day))
                        .add(Column::TimeRange.eq(*range))
                });
                let any = any.fold(Condition::any(), Condition::add);
                let mut prints = fingerprints(moment, any).await?;
                for (range, day) in changed {
                    let days = self.days.entry(range).or_default();
                    match prints.remove(&(range, day)) {
                        Some(print) => drop(days.insert(day, Some(print))),
                        None => drop(days.remove(&day)),
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
        self.mark = changes.mark;
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
        let mut unknown = days
            .range(first..=last)
            .filter(|(_, print)| print.is_none())
            .map(|(day, _)| *day);
        if let Some(from) = unknown.next() {
            let to = unknown.next_back().unwrap_or(from);
            let condition = Condition::all()
                .add(Column::TimeRange.eq(time_range))
                .add(Column::SnapshotDate.between(from, to));
            for ((_, day), print) in fingerprints(moment, condition).await? {
                days.insert(day, Some(print));
            }
        }
        let known = days.range(first..=last);
        Ok(known
            .filter_map(|(day, print)| Some((*day, (*print)?)))
            .collect())
    }
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
    condition: Condition,
) -> Result<BTreeMap<(TimeRange, NaiveDate), Fingerprint>> {
    let rows: Vec<(TimeRange, NaiveDate, String)> = snapshot::Entity::find()
        .select_only()
        .columns([Column::TimeRange, Column::SnapshotDate])
        .column_as(db::ranking_text(moment.get_database_backend()), "ranking")
        .filter(condition)
        .group_by(Column::SnapshotDate)
        .group_by(Column::TimeRange)
        .into_tuple()
        .all(moment)
        .await?;
    let print = |text: String| BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
    Ok(rows
        .into_iter()
        .map(|(range, day, ranking)| ((range, day), print(ranking)))
        .collect())
}
