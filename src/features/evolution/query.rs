//! Reads the lists of a range whole, and the tracks on them.

use super::answer::{Evolution, TopTenTrack};
use super::artists::{Facts, growth};
use super::lists::Lists;
use super::period::Period;
use super::stays::Stays;
use super::top_ten::{Standing, top_ten};
use crate::db::{bulk, list_text::list_text};
use crate::error::Result;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use entity::payload;
use entity::snapshot::{self, TimeRange};
use entity::track;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PartialModelTrait, QueryFilter,
    QuerySelect,
};
use std::cmp::{Reverse, max};
use std::collections::HashMap;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub time_range: TimeRange,
    pub period: Period,
    /// `None` if there is no list at all.
    pub as_of: Option<NaiveDate>,
}

/// A track, without its name.
#[derive(Clone, Debug, FromQueryResult)]
pub struct TrackFacts {
    pub track_id: String,
    pub artist_name: String,
    pub artist_key: Option<String>,
    /// The first day of a list of any range with the track.
    pub first_seen: NaiveDate,
}

/// Three statements: the lists, the tracks on those of the period, and the names of those among the first ten.
pub async fn evolution(db: &impl ConnectionTrait, question: Question) -> Result<Evolution> {
    let Some(as_of) = question.as_of else {
        return Ok(Evolution::default());
    };
    let lists = lists(db, question.time_range, as_of).await?;
    let first_day = question.period.first_day(as_of);
    let from = lists.first_since(first_day);
    let reported = &lists.all[from..];
    let standings = top_ten(reported);
    let tracks = tracks(db, &lists, from).await?;
    let facts = facts(&lists, &tracks);
    let stays = Stays::of(&lists.all, lists.track_ids.len());
    let discoveries = facts.discoveries(reported);
    let artist_days = facts.days(reported);
    let first_snapshot_date = lists.all.first().map(|list| list.date);
    Ok(Evolution {
        as_of: Some(as_of),
        first_snapshot_date,
        latest_snapshot_date: lists.all.last().map(|list| list.date),
        from: first_snapshot_date.map(|first| max(first, first_day.unwrap_or(first))),
        list_count: reported.len() as i64,
        artist_count: artist_days.len() as i64,
        turnover: lists.turnover(from),
        growth: growth(&discoveries),
        discoveries,
        diversity: facts.diversity(reported),
        consistent_artists: facts.consistent(&artist_days),
        drift: lists.drift(from),
        half_life_days: stays.half_life_days(),
        stay_count: stays.stay_count(),
        ongoing_stay_count: stays.ongoing_count(),
        survival: stays.survival(),
        top_ten: with_names(db, &lists, standings).await?,
    })
}

async fn lists(
    db: &impl ConnectionTrait,
    time_range: TimeRange,
    as_of: NaiveDate,
) -> Result<Lists> {
    let mut rows: Vec<(NaiveDate, String)> = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::SnapshotDate)
        .column_as(list_text(db.get_database_backend()), "list")
        .filter(snapshot::Column::SnapshotDate.lte(as_of))
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .group_by(snapshot::Column::SnapshotDate)
        .into_tuple()
        .all(db)
        .await?;
    // Here, because PostgreSQL would sort the texts too.
    rows.sort_unstable_by_key(|(date, _)| *date);
    Ok(Lists::of(&rows))
}

/// The tracks on the lists from an index on.
async fn tracks(db: &impl ConnectionTrait, lists: &Lists, from: usize) -> Result<Vec<TrackFacts>> {
    let mut is_reported = vec![false; lists.track_ids.len()];
    for track in lists.all[from..].iter().flat_map(|list| &list.tracks) {
        is_reported[*track as usize] = true;
    }
    let ids = lists.track_ids.iter().zip(is_reported);
    let ids = ids
        .filter(|(_, is_reported)| *is_reported)
        .map(|(id, _)| id.clone());
    let column = (track::Entity, track::Column::TrackId);
    Ok(track::Entity::find()
        .select_only()
        .columns([track::Column::TrackId, track::Column::ArtistName])
        .column_as(payload::artist_key(), "artist_key")
        .column_as(Expr::from(first_seen()), "first_seen")
        .filter(bulk::is_among(db.get_database_backend(), column, ids))
        .into_model()
        .all(db)
        .await?)
}

/// One seek in the primary key of the snapshots.
fn first_seen() -> SelectStatement {
    let track_id = Expr::col((snapshot::Entity, snapshot::Column::TrackId));
    Query::select()
        .expr(Expr::col((snapshot::Entity, snapshot::Column::SnapshotDate)).min())
        .from(snapshot::Entity)
        .and_where(track_id.equals((track::Entity, track::Column::TrackId)))
        .to_owned()
}

fn facts<'a>(lists: &Lists, tracks: &'a [TrackFacts]) -> Facts<'a> {
    let by_id: HashMap<&str, &TrackFacts> = tracks
        .iter()
        .map(|track| (track.track_id.as_str(), track))
        .collect();
    let ids = lists.track_ids.iter();
    Facts(ids.map(|id| by_id.get(id.as_str()).copied()).collect())
}

#[derive(FromQueryResult)]
struct NamedTrack {
    #[sea_orm(nested)]
    track: TrackSummary,
    cover_url: Option<String>,
}

/// Most weeks first, then by best place, then by id.
async fn with_names(
    db: &impl ConnectionTrait,
    lists: &Lists,
    standings: Vec<Standing>,
) -> Result<Vec<TopTenTrack>> {
    let id = |standing: &Standing| lists.track_ids[standing.track as usize].clone();
    let column = (track::Entity, track::Column::TrackId);
    let engine = db.get_database_backend();
    let among = bulk::is_among(engine, column, standings.iter().map(id));
    let named: Vec<NamedTrack> = TrackSummary::select_cols(track::Entity::find().select_only())
        .column_as(payload::cover_url(engine), "cover_url")
        .filter(among)
        .into_model()
        .all(db)
        .await?;
    let mut named: HashMap<_, _> = named
        .into_iter()
        .map(|named| (named.track.track_id.clone(), named))
        .collect();
    let mut tracks: Vec<_> = standings
        .into_iter()
        .filter_map(|standing| {
            let NamedTrack { track, cover_url } = named.remove(&id(&standing))?;
            Some(TopTenTrack {
                track,
                cover_url,
                week_count: standing.weeks.len() as i64,
                best_place: standing.best_place,
                weeks: standing.weeks,
            })
        })
        .collect();
    tracks.sort_by(|one, other| {
        let key = |track: &TopTenTrack| (Reverse(track.week_count), track.best_place);
        let ids = || one.track.track_id.cmp(&other.track.track_id);
        key(one).cmp(&key(other)).then_with(ids)
    });
    Ok(tracks)
}
