//! The kept days of a range that are nearest to some days.

use super::query::days_of;
use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::sea_query::{Expr, Order, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

/// The kept days around a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    pub asked: NaiveDate,
    /// The latest kept day at or before.
    pub before: Option<NaiveDate>,
    /// The earliest kept day at or after.
    pub after: Option<NaiveDate>,
}

impl Nearest {
    pub fn is_kept(self) -> bool {
        self.before == Some(self.asked)
    }

    /// The kept day at or before, else the one after.
    pub fn before_or_after(self) -> Option<NaiveDate> {
        self.before.or(self.after)
    }

    /// The nearest kept day; the earlier of two.
    pub fn nearest(self) -> Option<NaiveDate> {
        let days = self.before.into_iter().chain(self.after);
        days.min_by_key(|day| (*day - self.asked).num_days().abs())
    }
}

/// The kept days around each of these days, in their order. Only lists up to `up_to` count. One statement.
pub async fn nearest_days(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    days: &[NaiveDate],
    up_to: NaiveDate,
) -> Result<Vec<Nearest>> {
    let mut select = Query::select();
    for day in days {
        let before = Condition::all().add(snapshot::Column::SnapshotDate.lte(*day.min(&up_to)));
        let after = Condition::all()
            .add(snapshot::Column::SnapshotDate.gte(*day))
            .add(snapshot::Column::SnapshotDate.lte(up_to));
        select.expr(first_of(time_range, before, Order::Desc));
        select.expr(first_of(time_range, after, Order::Asc));
    }
    if days.is_empty() {
        return Ok(Vec::new());
    }
    let row = db.query_one(&select).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("there is one row".into()))?;
    let nearest = days.iter().enumerate().map(|(index, day)| {
        Ok(Nearest {
            asked: *day,
            before: row.try_get_by_index(2 * index)?,
            after: row.try_get_by_index(2 * index + 1)?,
        })
    });
    nearest.collect()
}

fn first_of(time_range: TimeRange, condition: Condition, order: Order) -> Expr {
    let days = days_of(time_range)
        .filter(condition)
        .order_by(snapshot::Column::SnapshotDate, order)
        .limit(1);
    Expr::SubQuery(None, Box::new(days.into_query().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_of_two_days_is_the_nearest() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
        let cases = [
            (day(8), day(12), day(8)),
            (day(7), day(12), day(12)),
            (day(10), day(10), day(10)),
            (None, day(30), day(30)),
            (day(1), None, day(1)),
            (None, None, None),
        ];
        for (before, after, expected) in cases {
            let asked = day(10).expect("a day of March");
            let nearest = Nearest {
                asked,
                before,
                after,
            };

            assert_eq!(nearest.nearest(), expected, "{nearest:?}");
        }
    }
}
