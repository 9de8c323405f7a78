//! The lists there are, one whole list, and the days around it.

use crate::api::cursor::{self, Cursor, Dated};
use crate::api::day::DateParameter;
use crate::db;
use crate::error::Result;
use crate::features::tracks::query::TrackSummary;
use crate::store::no_list;
use chrono::NaiveDate;
use entity::payload;
use entity::snapshot::{self, TimeRange};
use poem_openapi::Object;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Order, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    PartialModelTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

/// A kept list.
#[derive(Clone, Debug, Object)]
pub struct ListSummary {
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    pub track_count: i64,
}

/// A page of lists.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ListPage {
    pub items: Vec<ListSummary>,
    /// Send it as `cursor` to get the next page. Left out on the last page.
    pub next_cursor: Option<String>,
}

/// A whole ranked list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
#[oai(skip_serializing_if_is_none)]
pub struct SnapshotList {
    /// The rank at which the tied tail begins: the end of the list, of at least 6 tracks, in which the provider broke
    /// ties by id, so that their order says nothing. Left out if there is none.
    pub tied_from: Option<i32>,
    pub items: Vec<RankedTrack>,
}

/// A track on a list. Members without a value are left out.
#[derive(Clone, Debug, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none)]
pub struct RankedTrack {
    /// 1 is the top.
    pub rank: i32,
    #[sea_orm(nested)]
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
}

impl RankedTrack {
    pub fn place(&self) -> (i32, &str) {
        (self.rank, &self.track.track_id)
    }
}

/// The rank of one track on one list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Snapshot {
    pub track_id: String,
    pub snapshot_date: NaiveDate,
    pub time_range: TimeRange,
    /// 1 is the top.
    pub rank: i32,
}

/// Selects lists, or attempts to take one.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub time_range: Option<TimeRange>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Filter {
    pub fn of(
        time_range: Option<TimeRange>,
        from: Option<DateParameter>,
        to: Option<DateParameter>,
    ) -> Self {
        Self {
            time_range,
            from: from.map(|day| day.0),
            to: to.map(|day| day.0),
        }
    }
}

/// The lists there are, newest first; of one day the short range first.
pub async fn lists(
    db: &impl ConnectionTrait,
    filter: Filter,
    after: Option<(Dated<NaiveDate>, String)>,
    limit: u64,
) -> Result<ListPage> {
    let condition = Condition::all()
        .add_option(
            filter
                .time_range
                .map(|range| snapshot::Column::TimeRange.eq(range)),
        )
        .add_option(
            filter
                .from
                .map(|from| snapshot::Column::SnapshotDate.gte(from)),
        )
        .add_option(filter.to.map(|to| snapshot::Column::SnapshotDate.lte(to)))
        .add_option(after.map(|(Dated(date), range)| {
            let columns = [snapshot::Column::SnapshotDate, snapshot::Column::TimeRange];
            let key = [Expr::val(date), Expr::val(range)];
            cursor::after(Order::Desc, columns.map(column), key)
        }));
    let mut items: Vec<ListSummary> = snapshot::Entity::find()
        .select_only()
        .columns([snapshot::Column::SnapshotDate, snapshot::Column::TimeRange])
        .column_as(Expr::col(Asterisk).count(), "track_count")
        .filter(condition)
        .group_by(snapshot::Column::SnapshotDate)
        .group_by(snapshot::Column::TimeRange)
        .order_by_desc(snapshot::Column::SnapshotDate)
        .order_by_desc(snapshot::Column::TimeRange)
        .limit(limit + 1)
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .map(|(snapshot_date, time_range, track_count)| ListSummary {
            snapshot_date,
            time_range,
            track_count,
        })
        .collect();
    let next_cursor = cursor::next(&mut items, limit, |last| {
        Cursor::encode(&(last.snapshot_date, last.time_range.word()))
    });
    Ok(ListPage { items, next_cursor })
}

fn column(column: snapshot::Column) -> SimpleExpr {
    Expr::col((snapshot::Entity, column))
}

/// The whole list of a day and range, best first; an error if there is none.
pub async fn list(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<SnapshotList> {
    let items = ranked_tracks(db, date, time_range).await?;
    match items.is_empty() {
        false => Ok(SnapshotList {
            tied_from: tied_from(items.iter().map(RankedTrack::place)),
            items,
        }),
        true => Err(no_list(date, time_range)),
    }
}

/// The tracks of a list, best first. Another program may have deleted their rows.
pub async fn ranked_tracks(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<Vec<RankedTrack>> {
    let rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::Rank);
    Ok(TrackSummary::select_cols(rows)
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .join(JoinType::InnerJoin, snapshot::Relation::Track.def())
        .filter(snapshot::Column::SnapshotDate.eq(date))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .order_by_asc(snapshot::Column::Rank)
        .order_by_asc(snapshot::Column::TrackId)
        .into_model::<RankedTrack>()
        .all(db)
        .await?)
}

/// The rank at which the tied tail of a list begins: its longest end in which ids ascend by byte and no two ranks are
/// equal, if that is at least 6 long. By chance one of 720 ends of this length ascends.
pub fn tied_from<'a>(list: impl DoubleEndedIterator<Item = (i32, &'a str)>) -> Option<i32> {
    let mut length = 0;
    let mut next: Option<(i32, &str)> = None;
    for (rank, track_id) in list.rev() {
        if next.is_some_and(|next| rank >= next.0 || track_id >= next.1) {
            break;
        }
        next = Some((rank, track_id));
        length += 1;
    }
    next.filter(|_| length >= SHORTEST_TAIL)
        .map(|(rank, _)| rank)
}

const SHORTEST_TAIL: usize = 6;

/// The days on which a list of any range was kept.
pub struct Days {
    pub count: i64,
    pub first: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
}

pub async fn days(db: &impl ConnectionTrait) -> Result<Days> {
    let (count, first, latest) = db::count_distinct(db, "snapshot_date", "snapshots").await?;
    // Another program may have written days outside the range of ours.
    let day = |text: Option<String>| text?.parse().ok();
    Ok(Days {
        count,
        first: day(first),
        latest: day(latest),
    })
}

/// The day that questions are asked as of, if the caller names none: the latest day up to today with a list of any range.
pub async fn as_of(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Option<NaiveDate>> {
    let days = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::SnapshotDate)
        .filter(snapshot::Column::SnapshotDate.lte(today))
        .order_by_desc(snapshot::Column::SnapshotDate);
    Ok(days.limit(1).into_tuple().one(db).await?)
}

/// The day of the latest list of a range up to today.
pub async fn latest_day(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    today: NaiveDate,
) -> Result<Option<NaiveDate>> {
    day_before(db, time_range, today + chrono::Days::new(1)).await
}

/// The day of the list before: the latest list of a range before a day.
pub async fn day_before(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    day: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let days = days_of(time_range)
        .filter(snapshot::Column::SnapshotDate.lt(day))
        .order_by_desc(snapshot::Column::SnapshotDate);
    Ok(days.limit(1).into_tuple().one(db).await?)
}

/// The day of the first list of a range.
pub async fn first_day(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
) -> Result<Option<NaiveDate>> {
    let days = days_of(time_range).order_by_asc(snapshot::Column::SnapshotDate);
    Ok(days.limit(1).into_tuple().one(db).await?)
}

/// The days of the lists of a range, once for each track.
pub fn days_of(time_range: TimeRange) -> Select<snapshot::Entity> {
    snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::SnapshotDate)
        .filter(snapshot::Column::TimeRange.eq(time_range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tied_tail_is_the_longest_end_in_the_order_of_the_ids() {
        type Case = (&'static [(i32, &'static str)], Option<i32>);
        let cases: [Case; 6] = [
            (&[], None),
            (&[(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")], None),
            (
                &[(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"), (6, "f")],
                Some(1),
            ),
            // By byte: capitals come first.
            (
                &[
                    (1, "z"),
                    (2, "Z"),
                    (4, "a"),
                    (5, "b"),
                    (6, "c"),
                    (7, "d"),
                    (8, "e"),
                ],
                Some(2),
            ),
            (
                &[
                    (1, "0"),
                    (1, "Z"),
                    (4, "a"),
                    (5, "b"),
                    (6, "c"),
                    (7, "d"),
                    (8, "e"),
                ],
                Some(1),
            ),
            (
                &[
                    (3, "a"),
                    (4, "b"),
                    (5, "c"),
                    (5, "d"),
                    (6, "e"),
                    (7, "f"),
                    (8, "g"),
                ],
                None,
            ),
        ];
        for (list, expected) in cases {
            assert_eq!(tied_from(list.iter().copied()), expected, "{list:?}");
        }
    }
}
