//! Which lists there are, one whole list, and what stood before it.

use crate::error::Result;
use crate::store::no_list;
use crate::web::cursor::{self, Cursor, Dated};
use crate::web::day::Day;
use crate::web::time_range::Range;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use entity::{payload, track};
use poem_openapi::Object;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};

/// A list that is kept.
#[derive(Clone, Debug, Object)]
pub struct ListSummary {
    pub snapshot_date: NaiveDate,
    pub time_range: Range,
    pub track_count: i64,
}

/// A page of lists.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ListPage {
    pub items: Vec<ListSummary>,
    /// Send it as `cursor` to get the next page; left out on the last one.
    pub next_cursor: Option<String>,
}

/// A whole ranked list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct SnapshotList {
    pub items: Vec<RankedTrack>,
}

/// A track on a list. Members without a value are left out.
#[derive(Clone, Debug, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none)]
pub struct RankedTrack {
    /// 1 is the top.
    pub rank: i32,
    pub track_id: String,
    /// Empty when the provider has taken the track down.
    pub name: String,
    pub artist_name: String,
    pub album_name: Option<String>,
    pub duration_ms: Option<i32>,
    pub spotify_url: Option<String>,
    /// Left out when the payload does not say.
    pub release_year: Option<i16>,
    /// Left out when the payload does not say.
    pub explicit: Option<bool>,
    /// A picture of about 300 pixels, as the payload names it.
    pub cover_url: Option<String>,
}

/// One track's place on one list.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Snapshot {
    pub track_id: String,
    pub snapshot_date: NaiveDate,
    pub time_range: Range,
    /// 1 is the top.
    pub rank: i32,
}

/// Which lists to name.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub time_range: Option<TimeRange>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Filter {
    /// What a request asks for.
    pub fn of(time_range: Option<Range>, from: Option<Day>, to: Option<Day>) -> Self {
        Self {
            time_range: time_range.map(Into::into),
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
        .add_option(after.map(|(Dated(date), range)| behind(date, range)));
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
        .map(
            |(snapshot_date, time_range, track_count): (_, TimeRange, _)| ListSummary {
                snapshot_date,
                time_range: time_range.into(),
                track_count,
            },
        )
        .collect();
    let next_cursor = cursor::end_page(&mut items, limit, |last| {
        let range = TimeRange::from(last.time_range).word();
        Cursor::of(&(last.snapshot_date, range))
    });
    Ok(ListPage { items, next_cursor })
}

fn behind(date: NaiveDate, range: String) -> Condition {
    Condition::all()
        .add(snapshot::Column::SnapshotDate.lte(date))
        .add(
            Condition::any()
                .add(snapshot::Column::SnapshotDate.lt(date))
                .add(Expr::col((snapshot::Entity, snapshot::Column::TimeRange)).lt(range)),
        )
}

/// The whole list of a day and range, best first.
pub async fn list(
    db: &impl ConnectionTrait,
    date: NaiveDate,
    time_range: TimeRange,
) -> Result<SnapshotList> {
    let items = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::Rank)
        .columns([
            track::Column::TrackId,
            track::Column::Name,
            track::Column::ArtistName,
            track::Column::AlbumName,
            track::Column::DurationMs,
            track::Column::SpotifyUrl,
            track::Column::ReleaseYear,
            track::Column::Explicit,
        ])
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .join(JoinType::InnerJoin, snapshot::Relation::Track.def())
        .filter(snapshot::Column::SnapshotDate.eq(date))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .order_by_asc(snapshot::Column::Rank)
        .order_by_asc(snapshot::Column::TrackId)
        .into_model::<RankedTrack>()
        .all(db)
        .await?;
    match items.is_empty() {
        false => Ok(SnapshotList { items }),
        true => Err(no_list(date, time_range)),
    }
}
