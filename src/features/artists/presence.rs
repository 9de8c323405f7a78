//! What the page of an artist draws: each track on the lists of one range over the whole time of the range.

use super::albums::{Album, albums};
use super::query::{Artist, ArtistTrack, Found, artist, track_ids};
use crate::error::Result;
use crate::features::snapshots::kept_days::{KeptDays, Span, gaps};
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use entity::snapshot::{self, TimeRange};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::{BTreeMap, HashMap, HashSet};

pub struct Overview {
    pub artist: Artist,
    pub as_of: Option<NaiveDate>,
    pub track_count: usize,
    pub albums: Vec<Album>,
    /// The first place on a list of any range.
    pub debut: Option<TrackPlace>,
    pub ranges: [RangeSummary; 3],
    pub presence: Presence,
}

/// A track on a list.
pub struct TrackPlace {
    pub name: String,
    pub time_range: TimeRange,
    pub day: NaiveDate,
    pub rank: i32,
}

/// An artist on the lists of one range.
#[derive(Default)]
pub struct RangeSummary {
    /// Tracks that were on a list.
    pub track_count: usize,
    /// The best rank on the latest list.
    pub now: Option<i32>,
    pub best_rank: Option<i32>,
    /// The number of lists with one of the tracks.
    pub day_count: i64,
    pub list_count: i64,
}

/// The tracks of an artist on the lists of one range.
pub struct Presence {
    pub time_range: TimeRange,
    /// From the first list of the range to the latest; `None` if there are none.
    pub span: Option<Span>,
    pub without_list: Vec<Span>,
    /// The longest depth of a rank.
    pub lowest_rank: i32,
    pub best: Option<TrackPlace>,
    /// The ranks on the latest list, the best first.
    pub now: Vec<i32>,
    pub last_seen_date: Option<NaiveDate>,
    pub first_seen_date: Option<NaiveDate>,
    /// How many tracks were on the list at once.
    pub counts: Vec<Level>,
    pub most_at_once: i32,
    pub tracks: Vec<TrackPresence>,
}

pub struct TrackPresence {
    pub item: ArtistTrack,
    /// The ranks.
    pub levels: Vec<Level>,
}

/// The same value on days one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    pub from: NaiveDate,
    pub days: i64,
    pub value: i32,
}

/// `time_range` is that of the drawing: by default the shortest one on whose lists the artist was.
pub async fn overview(
    db: &impl ConnectionTrait,
    key: &str,
    time_range: Option<TimeRange>,
    today: NaiveDate,
) -> Result<Overview> {
    let found = artist(db, key, today).await?;
    let items = &found.artist.items;
    let time_range = time_range
        .or_else(|| items.first()?.time_range)
        .unwrap_or(TimeRange::ShortTerm);
    let places = places(db, &found, time_range).await?;
    let ranges = range_summaries(db, &found).await?;
    let ids: HashSet<_> = items.iter().map(|item| &item.track.track_id).collect();
    Ok(Overview {
        as_of: found.as_of,
        track_count: ids.len(),
        albums: albums(items),
        debut: debut(db, &found).await?,
        ranges,
        presence: Presence::of(time_range, items, &found.kept, places),
        artist: found.artist,
    })
}

/// A place of one of the artist's tracks on a list of a range.
#[derive(FromQueryResult)]
struct Placed {
    track_id: String,
    snapshot_date: NaiveDate,
    time_range: TimeRange,
    rank: i32,
}

/// By day, rank and id.
async fn places(
    db: &impl ConnectionTrait,
    found: &Found,
    time_range: TimeRange,
) -> Result<Vec<Placed>> {
    let on_lists = snapshot::Entity::find()
        .filter(snapshot::Column::TimeRange.eq(time_range))
        .filter(snapshot::Column::TrackId.in_subquery(track_ids(&found.identity)));
    let Some(as_of) = found.as_of else {
        return Ok(Vec::new());
    };
    Ok(on_lists
        .filter(snapshot::Column::SnapshotDate.lte(as_of))
        .order_by_asc(snapshot::Column::SnapshotDate)
        .order_by_asc(snapshot::Column::Rank)
        .order_by_asc(snapshot::Column::TrackId)
        .into_model()
        .all(db)
        .await?)
}

async fn debut(db: &impl ConnectionTrait, found: &Found) -> Result<Option<TrackPlace>> {
    let Some(first) = found.artist.first_seen_date else {
        return Ok(None);
    };
    let places: Vec<Placed> = snapshot::Entity::find()
        .filter(snapshot::Column::SnapshotDate.eq(first))
        .filter(snapshot::Column::TrackId.in_subquery(track_ids(&found.identity)))
        .into_model()
        .all(db)
        .await?;
    let best = places
        .iter()
        .min_by_key(|place| (place.time_range, place.rank, &place.track_id));
    let names = names(&found.artist.items);
    Ok(best.and_then(|place| TrackPlace::of(place, &names)))
}

async fn range_summaries(db: &impl ConnectionTrait, found: &Found) -> Result<[RangeSummary; 3]> {
    let mut summaries = <[RangeSummary; 3]>::default();
    let Some(as_of) = found.as_of else {
        return Ok(summaries);
    };
    let days = Expr::col((snapshot::Entity, snapshot::Column::SnapshotDate));
    let day_counts: Vec<(TimeRange, i64)> = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TimeRange)
        .column_as(days.count_distinct(), "day_count")
        .filter(snapshot::Column::TrackId.in_subquery(track_ids(&found.identity)))
        .filter(snapshot::Column::SnapshotDate.lte(as_of))
        .group_by(snapshot::Column::TimeRange)
        .into_tuple()
        .all(db)
        .await?;
    for range in TimeRange::ALL {
        let items = found.artist.items.iter();
        let items = items.filter(|item| item.time_range == Some(range));
        let items: Vec<_> = items.collect();
        let days = day_counts.iter().find(|(counted, _)| *counted == range);
        summaries[range as usize] = RangeSummary {
            track_count: items.len(),
            now: items.iter().filter_map(|item| item.rank).min(),
            best_rank: items.iter().filter_map(|item| item.best_rank).min(),
            day_count: days.map_or(0, |(_, days)| *days),
            list_count: found.kept.of(range).len() as i64,
        };
    }
    Ok(summaries)
}

type Names<'a> = HashMap<&'a str, &'a TrackSummary>;

fn names(items: &[ArtistTrack]) -> Names<'_> {
    let tracks = items.iter().map(|item| &item.track);
    tracks
        .map(|track| (track.track_id.as_str(), track))
        .collect()
}

impl TrackPlace {
    fn of(place: &Placed, names: &Names) -> Option<Self> {
        Some(Self {
            name: names.get(place.track_id.as_str())?.name.clone(),
            time_range: place.time_range,
            day: place.snapshot_date,
            rank: place.rank,
        })
    }
}

impl Presence {
    fn of(
        time_range: TimeRange,
        items: &[ArtistTrack],
        kept: &KeptDays,
        places: Vec<Placed>,
    ) -> Self {
        let days = kept.of(time_range);
        let best = places.iter().min_by_key(|place| place.rank);
        let best = best.and_then(|place| TrackPlace::of(place, &names(items)));
        let mut counts = BTreeMap::new();
        for place in &places {
            *counts.entry(place.snapshot_date).or_insert(0) += 1;
        }
        let mut now: Vec<_> = on(items, time_range).filter_map(|item| item.rank).collect();
        now.sort_unstable();
        Self {
            time_range,
            span: days.first().copied().zip(days.last().copied()),
            without_list: gaps(days),
            lowest_rank: places.iter().map(|place| place.rank).max().unwrap_or(1),
            best,
            now,
            first_seen_date: counts.keys().next().copied(),
            last_seen_date: counts.keys().next_back().copied(),
            most_at_once: counts.values().copied().max().unwrap_or(0),
            counts: levels(counts),
            tracks: tracks(items, time_range, places),
        }
    }
}

fn on(items: &[ArtistTrack], time_range: TimeRange) -> impl Iterator<Item = &ArtistTrack> {
    let is_on = move |item: &&ArtistTrack| item.time_range == Some(time_range);
    items.iter().filter(is_on)
}

fn tracks(items: &[ArtistTrack], time_range: TimeRange, places: Vec<Placed>) -> Vec<TrackPresence> {
    let mut ranks: HashMap<String, Vec<(NaiveDate, i32)>> = HashMap::new();
    for place in places {
        let ranks = ranks.entry(place.track_id).or_default();
        ranks.push((place.snapshot_date, place.rank));
    }
    let presence = |item: &ArtistTrack| TrackPresence {
        levels: levels(ranks.remove(&item.track.track_id).unwrap_or_default()),
        item: item.clone(),
    };
    on(items, time_range).map(presence).collect()
}

/// Joins days one after the other that have the same value. The days ascend.
fn levels(values: impl IntoIterator<Item = (NaiveDate, i32)>) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for (day, value) in values {
        match levels.last_mut() {
            Some(last) if last.value == value && (day - last.from).num_days() == last.days => {
                last.days += 1;
            }
            _ => levels.push(Level {
                from: day,
                days: 1,
                value,
            }),
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_ends_with_another_value_and_with_a_day_without_one() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March");
        let values = [(1, 7), (2, 7), (3, 5), (5, 5), (6, 5)].map(|(on, value)| (day(on), value));

        let levels: Vec<_> = levels(values)
            .iter()
            .map(|level| (level.from, level.days, level.value))
            .collect();

        assert_eq!(levels, [(day(1), 2, 7), (day(3), 1, 5), (day(5), 2, 5)]);
    }
}
