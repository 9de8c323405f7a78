//! Which days have lists, and which of these lists are equal.

use super::query::days_of;
use crate::db;
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use std::collections::HashMap;

/// The day of the next list: the first list of a range after a day, and not after `last`.
pub async fn day_after(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    day: NaiveDate,
    last: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let days = days_of(time_range)
        .filter(snapshot::Column::SnapshotDate.gt(day))
        .filter(snapshot::Column::SnapshotDate.lte(last))
        .order_by_asc(snapshot::Column::SnapshotDate);
    Ok(days.limit(1).into_tuple().one(db).await?)
}

/// The ranges of which a list is kept on a day, the shortest first.
pub async fn ranges_of(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<TimeRange>> {
    let ranges = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TimeRange)
        .distinct()
        .filter(snapshot::Column::SnapshotDate.eq(day));
    let mut ranges: Vec<TimeRange> = ranges.into_tuple().all(db).await?;
    ranges.sort();
    Ok(ranges)
}

/// The days on which a list of any range was kept, in one year.
pub struct YearOfLists {
    pub year: i32,
    pub day_count: i64,
    pub first: NaiveDate,
    pub latest: NaiveDate,
}

/// The years with lists up to a day, oldest first. Another program may have written days outside the range of ours.
pub async fn years(db: &impl ConnectionTrait, last: NaiveDate) -> Result<Vec<YearOfLists>> {
    let rows = db::count_days_by_year(db, "snapshot_date", "snapshots", last).await?;
    let years = rows
        .into_iter()
        .filter_map(|(year, day_count, first, latest)| {
            Some(YearOfLists {
                year: year.parse().ok()?,
                day_count,
                first: first.parse().ok()?,
                latest: latest.parse().ok()?,
            })
        });
    Ok(years.collect())
}

/// Where the lists of one range begin, and which list comes before a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beginning {
    pub first: Option<NaiveDate>,
    pub before: Option<NaiveDate>,
}

/// For each range its first list, and its list before a day.
pub async fn beginnings(
    db: &impl ConnectionTrait,
    time_ranges: &[TimeRange],
    day: NaiveDate,
) -> Result<Vec<Beginning>> {
    let date = snapshot::Column::SnapshotDate;
    let mut row = Query::select();
    for time_range in time_ranges {
        let first = days_of(*time_range).order_by_asc(date);
        let before = days_of(*time_range)
            .filter(date.lt(day))
            .order_by_desc(date);
        row.expr(one_of(first)).expr(one_of(before));
    }
    let row = db.query_one(&row).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("a row of subqueries".into()))?;
    let beginnings = (0..time_ranges.len()).map(|index| {
        Ok(Beginning {
            first: row.try_get_by_index(2 * index)?,
            before: row.try_get_by_index(2 * index + 1)?,
        })
    });
    beginnings.collect()
}

/// The first row, as a value.
fn one_of(rows: Select<snapshot::Entity>) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(rows.limit(1).into_query().into()))
}

/// A list without its tracks. Equal lists of one range have equal rankings.
#[derive(Debug, PartialEq)]
pub struct Ranking {
    pub track_count: i64,
    text: String,
}

/// The lists of some ranges on some days. The days are named one by one, so that the index leads to the rows of these
/// ranges alone.
pub async fn rankings(
    db: &impl ConnectionTrait,
    time_ranges: &[TimeRange],
    days: impl Iterator<Item = NaiveDate>,
) -> Result<HashMap<(TimeRange, NaiveDate), Ranking>> {
    let columns = [snapshot::Column::SnapshotDate, snapshot::Column::TimeRange];
    let rows: Vec<(NaiveDate, TimeRange, i64, String)> = snapshot::Entity::find()
        .select_only()
        .columns(columns)
        .column_as(Expr::col(Asterisk).count(), "track_count")
        .column_as(db::ranking_text(db.get_database_backend()), "ranking")
        .filter(snapshot::Column::SnapshotDate.is_in(days))
        .filter(snapshot::Column::TimeRange.is_in(time_ranges.iter().copied()))
        .group_by(snapshot::Column::SnapshotDate)
        .group_by(snapshot::Column::TimeRange)
        .into_tuple()
        .all(db)
        .await?;
    let rankings = rows
        .into_iter()
        .map(|(date, time_range, track_count, text)| {
            let ranking = Ranking { track_count, text };
            ((time_range, date), ranking)
        });
    Ok(rankings.collect())
}
