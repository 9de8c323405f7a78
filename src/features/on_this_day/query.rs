//! The lists of the same day in earlier years.

use crate::error::Result;
use crate::features::snapshots::nearest::{Nearest, nearest_days};
use crate::features::snapshots::query::{RankedTrack, as_of, first_day, latest_day};
use crate::features::tracks::query::TrackSummary;
use chrono::{Days, Months, NaiveDate};
use entity::snapshot::{self, TimeRange};
use entity::{payload, track};
use poem_openapi::Object;
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order,
    PartialModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

/// The top of the lists of the same day in earlier years. Members without a value are left out.
#[derive(Clone, Debug, Default, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct OnThisDay {
    /// The day that the years are counted from. Left out while there are no lists.
    pub date: Option<NaiveDate>,
    /// The latest year first. A year without a list near the day is left out.
    pub items: Vec<YearAgo>,
}

/// The top of a list some years ago.
#[derive(Clone, Debug, Object)]
pub struct YearAgo {
    pub years_ago: u32,
    /// The same day of that year; 28 February in place of the 29th.
    pub asked_date: NaiveDate,
    /// The kept day nearest to it, at most 3 days off; the earlier of two.
    pub snapshot_date: NaiveDate,
    /// In order of rank.
    pub items: Vec<ThenAndNow>,
}

/// A track on a list, and its present rank. Members without a value are left out.
#[derive(Clone, Debug, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none)]
pub struct ThenAndNow {
    #[sea_orm(nested)]
    #[oai(flatten)]
    pub then: RankedTrack,
    /// The rank on the latest list. Left out if the track is not on it.
    pub current_rank: Option<i32>,
}

/// A day further off says nothing of the day asked for.
const FARTHEST_DAYS: u64 = 3;

/// The first `limit` tracks of each list. The years are counted from `date`, or else from the latest kept day up to
/// today. Only lists up to that day count for the present rank.
pub async fn on_this_day(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (date, today): (Option<NaiveDate>, NaiveDate),
    limit: u64,
) -> Result<OnThisDay> {
    let Some(as_of) = as_of(db, today).await? else {
        return Ok(OnThisDay {
            date,
            items: Vec::new(),
        });
    };
    let date = date.unwrap_or(as_of);
    let mut years = years_ago(db, time_range, (date, as_of)).await?;
    let latest = latest_day(db, time_range, as_of).await?;
    for row in tops(db, time_range, (&years, latest), limit).await? {
        for year in &mut years {
            if year.snapshot_date == row.snapshot_date {
                year.items.push(row.track.clone());
            }
        }
    }
    Ok(OnThisDay {
        date: Some(date),
        items: years,
    })
}

/// The years with a list near the day, without their tracks.
async fn years_ago(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (date, as_of): (NaiveDate, NaiveDate),
) -> Result<Vec<YearAgo>> {
    let Some(first) = first_day(db, time_range).await? else {
        return Ok(Vec::new());
    };
    let same_days = (1..).map_while(|years| date.checked_sub_months(Months::new(12 * years)));
    let same_days: Vec<_> = same_days
        .take_while(|day| *day + Days::new(FARTHEST_DAYS) >= first)
        .collect();
    let nearest = nearest_days(db, time_range, &same_days, as_of).await?;
    let years = (1..).zip(nearest);
    Ok(years
        .filter_map(|(years_ago, nearest)| YearAgo::of(years_ago, nearest))
        .collect())
}

impl YearAgo {
    fn of(years_ago: u32, nearest: Nearest) -> Option<Self> {
        let snapshot_date = nearest.nearest()?;
        let distance = (snapshot_date - nearest.asked).num_days().unsigned_abs();
        (distance <= FARTHEST_DAYS).then(|| Self {
            years_ago,
            asked_date: nearest.asked,
            snapshot_date,
            items: Vec::new(),
        })
    }
}

#[derive(FromQueryResult)]
struct TopTrack {
    #[sea_orm(nested)]
    track: ThenAndNow,
    snapshot_date: NaiveDate,
}

const THEN: &str = "then";
const NOW: &str = "now";

/// The tops of the lists of all years, each in order of rank, with the ranks on the latest list.
async fn tops(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    (years, latest): (&[YearAgo], Option<NaiveDate>),
    limit: u64,
) -> Result<Vec<TopTrack>> {
    if years.is_empty() {
        return Ok(Vec::new());
    }
    let mut tracks = TrackSummary::select_cols(track::Entity::find().select_only())
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .column_as(
            Expr::col((THEN, snapshot::Column::SnapshotDate)),
            "snapshot_date",
        )
        .column_as(Expr::col((THEN, snapshot::Column::Rank)), "rank")
        .column_as(Expr::col((NOW, snapshot::Column::Rank)), "current_rank")
        .filter(Expr::col((THEN, "place")).lte(limit))
        .order_by_asc(Expr::col((THEN, "place")));
    let days = years.iter().map(|year| year.snapshot_date);
    QueryTrait::query(&mut tracks)
        .join_subquery(
            JoinType::InnerJoin,
            places(time_range, days),
            THEN,
            is_track_of(THEN),
        )
        .join_as(
            JoinType::LeftJoin,
            snapshot::Entity,
            NOW,
            Condition::all()
                .add(is_track_of(NOW))
                .add(Expr::col((NOW, snapshot::Column::SnapshotDate)).eq(latest))
                .add(Expr::col((NOW, snapshot::Column::TimeRange)).eq(time_range)),
        );
    Ok(tracks.into_model().all(db).await?)
}

/// The rows of some lists, with the place of each in its list.
fn places(time_range: TimeRange, days: impl Iterator<Item = NaiveDate>) -> SelectStatement {
    let order = WindowStatement::partition_by(snapshot::Column::SnapshotDate)
        .order_by(snapshot::Column::Rank, Order::Asc)
        .order_by(snapshot::Column::TrackId, Order::Asc)
        .to_owned();
    Query::select()
        .columns([
            snapshot::Column::TrackId,
            snapshot::Column::SnapshotDate,
            snapshot::Column::Rank,
        ])
        .expr_window_as(Func::cust("row_number"), order, "place")
        .from(snapshot::Entity)
        .and_where(snapshot::Column::SnapshotDate.is_in(days))
        .and_where(snapshot::Column::TimeRange.eq(time_range))
        .to_owned()
}

fn is_track_of(alias: &'static str) -> SimpleExpr {
    Expr::col((alias, snapshot::Column::TrackId)).equals((track::Entity, track::Column::TrackId))
}
