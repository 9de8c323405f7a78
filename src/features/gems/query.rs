//! Forgotten gems, recent discoveries and the current rotation of a range, as of a day.

use crate::error::Result;
use crate::features::snapshots::query::{RankedTrack, as_of, latest_day};
use crate::features::tracks::query::TrackSummary;
use chrono::{Days, NaiveDate};
use entity::snapshot::{self, TimeRange};
use entity::{payload, track};
use poem_openapi::Object;
use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order,
    PartialModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
};

/// A gem was last seen at least this long ago.
pub const SHORTEST_ABSENCE_DAYS: u64 = 90;
pub const LONGEST_ABSENCE_DAYS: u64 = 365;

/// Tracks that were on a list 90 to 365 days ago, and on none since. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ForgottenGems {
    /// Only lists up to this day count. Left out while there are no lists.
    pub as_of: Option<NaiveDate>,
    /// Number of all such tracks, those beyond the limit included.
    pub track_count: i64,
    /// Last seen latest first, then by best rank, then by id.
    pub items: Vec<ForgottenGem>,
}

/// A track that was on a list, and is on none since. Members without a value are left out.
#[derive(Clone, Debug, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none)]
pub struct ForgottenGem {
    #[sea_orm(nested)]
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
    pub last_seen_date: NaiveDate,
    /// The best rank in the 90 to 365 days before; 1 is the top.
    pub best_rank: i32,
}

/// Tracks of the latest list. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct LatestTracks {
    /// Only lists up to this day count. Left out while there are no lists.
    pub as_of: Option<NaiveDate>,
    /// The day of the list. Left out if there is none.
    pub snapshot_date: Option<NaiveDate>,
    /// Number of all such tracks, those beyond the limit included.
    pub track_count: i64,
    /// In order of rank.
    pub items: Vec<SeenTrack>,
}

/// A track on a list. Members without a value are left out.
#[derive(Clone, Debug, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none)]
pub struct SeenTrack {
    #[sea_orm(nested)]
    #[oai(flatten)]
    pub listed: RankedTrack,
    /// The first day of any list of any range with the track.
    pub first_seen_date: NaiveDate,
}

/// Which lists a question is about.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub time_range: TimeRange,
    /// `None` while there are no lists.
    pub as_of: Option<NaiveDate>,
    /// The most items in an answer.
    pub limit: u64,
}

impl Scope {
    /// As of the latest kept day up to today, if the caller names no other.
    pub async fn of(
        db: &impl ConnectionTrait,
        time_range: TimeRange,
        (asked, today): (Option<NaiveDate>, NaiveDate),
        limit: u64,
    ) -> Result<Self> {
        Ok(Self {
            time_range,
            as_of: match asked {
                Some(day) => Some(day),
                None => as_of(db, today).await?,
            },
            limit,
        })
    }
}

pub async fn forgotten_gems(db: &impl ConnectionTrait, scope: Scope) -> Result<ForgottenGems> {
    let Some(as_of) = scope.as_of else {
        return Ok(ForgottenGems {
            as_of: None,
            track_count: 0,
            items: Vec::new(),
        });
    };
    let mut tracks = TrackSummary::select_cols(track::Entity::find().select_only())
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .column_as(gem("last_seen_date"), "last_seen_date")
        .column_as(gem("best_rank"), "best_rank")
        .column_as(gem("track_count"), "track_count")
        .order_by_desc(gem("last_seen_date"))
        .order_by_asc(gem("best_rank"))
        .order_by_asc(track::Column::TrackId);
    QueryTrait::query(&mut tracks).join_subquery(
        JoinType::InnerJoin,
        gems(scope.time_range, as_of, scope.limit),
        GEM,
        gem("track_id").eq(Expr::col((track::Entity, track::Column::TrackId))),
    );
    let rows = tracks.into_model::<CountedGem>().all(db).await?;
    Ok(ForgottenGems {
        as_of: Some(as_of),
        track_count: rows.first().map_or(0, |row| row.track_count),
        items: rows.into_iter().map(|row| row.gem).collect(),
    })
}

#[derive(FromQueryResult)]
struct CountedGem {
    #[sea_orm(nested)]
    gem: ForgottenGem,
    track_count: i64,
}

const GEM: &str = "gem";

fn gem(column: &'static str) -> SimpleExpr {
    Expr::col((GEM, column))
}

/// The gems without their names. A track whose last day in the time is early enough has none after it.
fn gems(time_range: TimeRange, as_of: NaiveDate, limit: u64) -> SelectStatement {
    let first = as_of - Days::new(LONGEST_ABSENCE_DAYS);
    let last = as_of - Days::new(SHORTEST_ABSENCE_DAYS);
    let last_seen = || Expr::col(snapshot::Column::SnapshotDate).max();
    Query::select()
        .column(snapshot::Column::TrackId)
        .expr_as(last_seen(), "last_seen_date")
        .expr_as(Expr::col(snapshot::Column::Rank).min(), "best_rank")
        .expr_window_as(
            Expr::col(Asterisk).count(),
            WindowStatement::new(),
            "track_count",
        )
        .from(snapshot::Entity)
        .and_where(snapshot::Column::TimeRange.eq(time_range))
        .and_where(snapshot::Column::SnapshotDate.between(first, as_of))
        .group_by_col(snapshot::Column::TrackId)
        .and_having(last_seen().lte(last))
        .order_by_expr(last_seen(), Order::Desc)
        .order_by_expr(Expr::col(snapshot::Column::Rank).min(), Order::Asc)
        .order_by(snapshot::Column::TrackId, Order::Asc)
        .limit(limit)
        .to_owned()
}

/// The tracks of the latest list that were on no list of any range before.
pub async fn recent_discoveries(db: &impl ConnectionTrait, scope: Scope) -> Result<LatestTracks> {
    latest_tracks(db, scope, |day| Some(first_seen().eq(day))).await
}

/// The latest list.
pub async fn current_rotation(db: &impl ConnectionTrait, scope: Scope) -> Result<LatestTracks> {
    latest_tracks(db, scope, |_| None).await
}

/// The tracks of the latest list that a condition selects; it gets the day of the list.
async fn latest_tracks(
    db: &impl ConnectionTrait,
    scope: Scope,
    condition: impl FnOnce(NaiveDate) -> Option<SimpleExpr>,
) -> Result<LatestTracks> {
    let snapshot_date = match scope.as_of {
        Some(as_of) => latest_day(db, scope.time_range, as_of).await?,
        None => None,
    };
    let rows = match snapshot_date {
        Some(day) => seen_tracks(db, scope, day, condition(day)).await?,
        None => Vec::new(),
    };
    Ok(LatestTracks {
        as_of: scope.as_of,
        snapshot_date,
        track_count: rows.first().map_or(0, |row| row.track_count),
        items: rows.into_iter().map(|row| row.seen).collect(),
    })
}

async fn seen_tracks(
    db: &impl ConnectionTrait,
    scope: Scope,
    day: NaiveDate,
    condition: Option<SimpleExpr>,
) -> Result<Vec<CountedTrack>> {
    let rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::Rank);
    let mut tracks = TrackSummary::select_cols(rows)
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .column_as(first_seen(), "first_seen_date")
        .join(JoinType::InnerJoin, snapshot::Relation::Track.def())
        .filter(snapshot::Column::SnapshotDate.eq(day))
        .filter(snapshot::Column::TimeRange.eq(scope.time_range))
        .filter(Condition::all().add_option(condition))
        .order_by_asc(snapshot::Column::Rank)
        .order_by_asc(snapshot::Column::TrackId)
        .limit(scope.limit);
    // Of all rows: the limit comes after.
    let count = Expr::col(Asterisk).count();
    QueryTrait::query(&mut tracks).expr_window_as(count, WindowStatement::new(), "track_count");
    Ok(tracks.into_model().all(db).await?)
}

#[derive(FromQueryResult)]
struct CountedTrack {
    #[sea_orm(nested)]
    seen: SeenTrack,
    track_count: i64,
}

/// The first day of any list with the track of a snapshot.
fn first_seen() -> SimpleExpr {
    const SEEN: &str = "seen";
    let first = Query::select()
        .expr(Expr::col((SEEN, snapshot::Column::SnapshotDate)).min())
        .from_as(snapshot::Entity, SEEN)
        .and_where(
            Expr::col((SEEN, snapshot::Column::TrackId))
                .equals((snapshot::Entity, snapshot::Column::TrackId)),
        )
        .to_owned();
    Expr::SubQuery(None, Box::new(first.into()))
}
