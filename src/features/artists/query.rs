//! One artist: the tracks, and what the lists of each range know of them.

use super::identity::{Identity, identity};
use crate::error::{Error, Result};
use crate::features::snapshots::kept_days::{KeptDays, kept_days};
use crate::features::snapshots::query::as_of;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use entity::payload;
use entity::snapshot::{self, TimeRange};
use entity::track;
use poem_openapi::Object;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PartialModelTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::{BTreeMap, HashMap};

/// An artist with all tracks whose first artist this is.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Artist {
    /// The provider's id if it is known, else `name:` and the name.
    pub artist_key: String,
    /// The name of most tracks.
    pub artist_name: String,
    /// The first day on which one of the tracks was on a list. Left out if none ever was.
    pub first_seen_date: Option<NaiveDate>,
    /// One item for each track and range on whose lists it was. A track that was on no list has one item, without range,
    /// ranks and days.
    pub items: Vec<ArtistTrack>,
}

/// A track on the lists of one range. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ArtistTrack {
    pub time_range: Option<TimeRange>,
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
    /// The rank on the latest list of the range. Left out if the track is not on it.
    pub rank: Option<i32>,
    pub best_rank: Option<i32>,
    /// The number of lists with the track.
    pub day_count: Option<i64>,
    pub first_seen_date: Option<NaiveDate>,
    pub last_seen_date: Option<NaiveDate>,
}

/// An artist with the days up to which lists count.
pub struct Found {
    pub artist: Artist,
    pub identity: Identity,
    /// `None` if there is no list up to today.
    pub as_of: Option<NaiveDate>,
    pub kept: KeptDays,
}

/// An error if no track has this artist.
pub async fn artist(db: &impl ConnectionTrait, key: &str, today: NaiveDate) -> Result<Found> {
    let unknown = || Error::NotFound(format!("there is no artist {key} in the library"));
    let identity = identity(db, key).await?.ok_or_else(unknown)?;
    let tracks = tracks(db, &identity).await?;
    if tracks.is_empty() {
        return Err(unknown());
    }
    let as_of = as_of(db, today).await?;
    let (kept, stands) = match as_of {
        None => (KeptDays::default(), Vec::new()),
        Some(as_of) => (
            kept_days(db, None, as_of).await?,
            stands(db, &identity, as_of).await?,
        ),
    };
    let ranks = current_ranks(db, &identity, &kept).await?;
    Ok(Found {
        artist: Artist {
            artist_key: identity.key(),
            artist_name: name_of_most(&tracks),
            first_seen_date: stands.iter().map(|stand| stand.first_seen_date).min(),
            items: items(tracks, stands, &ranks),
        },
        identity,
        as_of,
        kept,
    })
}

#[derive(Clone, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    track: TrackSummary,
    cover_url: Option<String>,
}

/// The artist's tracks, by id.
async fn tracks(db: &impl ConnectionTrait, identity: &Identity) -> Result<Vec<Row>> {
    let rows = track::Entity::find().select_only();
    Ok(TrackSummary::select_cols(rows)
        .column_as(payload::cover_url(db.get_database_backend()), "cover_url")
        .filter(identity.has_track())
        .order_by_asc(track::Column::TrackId)
        .into_model::<Row>()
        .all(db)
        .await?)
}

/// The ids of the artist's tracks.
pub fn track_ids(identity: &Identity) -> SelectStatement {
    let ids = track::Entity::find()
        .select_only()
        .column(track::Column::TrackId)
        .filter(identity.has_track());
    ids.into_query()
}

/// What the lists of one range know of a track.
#[derive(FromQueryResult)]
struct Stand {
    track_id: String,
    time_range: TimeRange,
    best_rank: i32,
    day_count: i64,
    first_seen_date: NaiveDate,
    last_seen_date: NaiveDate,
}

async fn stands(
    db: &impl ConnectionTrait,
    identity: &Identity,
    as_of: NaiveDate,
) -> Result<Vec<Stand>> {
    use snapshot::Column::{Rank, SnapshotDate, TimeRange, TrackId};
    Ok(snapshot::Entity::find()
        .select_only()
        .columns([TrackId, TimeRange])
        .column_as(Rank.min(), "best_rank")
        .column_as(Rank.count(), "day_count")
        .column_as(SnapshotDate.min(), "first_seen_date")
        .column_as(SnapshotDate.max(), "last_seen_date")
        .filter(TrackId.in_subquery(track_ids(identity)))
        .filter(SnapshotDate.lte(as_of))
        .group_by(TrackId)
        .group_by(TimeRange)
        .into_model()
        .all(db)
        .await?)
}

type Ranks = HashMap<(String, TimeRange), i32>;

/// The ranks on the latest list of each range.
async fn current_ranks(
    db: &impl ConnectionTrait,
    identity: &Identity,
    kept: &KeptDays,
) -> Result<Ranks> {
    use snapshot::Column::{Rank, SnapshotDate, TimeRange as Range, TrackId};
    let latest = TimeRange::ALL.into_iter().filter_map(|range| {
        let day = kept.of(range).last()?;
        Some(
            Condition::all()
                .add(SnapshotDate.eq(*day))
                .add(Range.eq(range)),
        )
    });
    let on_latest = latest.fold(Condition::any(), Condition::add);
    if on_latest.is_empty() {
        return Ok(Ranks::new());
    }
    let rows: Vec<(String, TimeRange, i32)> = snapshot::Entity::find()
        .select_only()
        .columns([TrackId, Range, Rank])
        .filter(on_latest)
        .filter(TrackId.in_subquery(track_ids(identity)))
        .into_tuple()
        .all(db)
        .await?;
    let ranks = rows.into_iter();
    Ok(ranks
        .map(|(track_id, range, rank)| ((track_id, range), rank))
        .collect())
}

/// The name of most tracks, then the least by code point. An empty name counts only if there is no other.
fn name_of_most(tracks: &[Row]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in tracks {
        *counts.entry(&row.track.artist_name).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .rev()
        .max_by_key(|(name, count)| (!name.is_empty(), *count));
    most.map_or_else(String::new, |(name, _)| name.to_owned())
}

/// By range, the shortest first, then most days, best rank and id. Tracks that were on no list come last.
fn items(tracks: Vec<Row>, stands: Vec<Stand>, ranks: &Ranks) -> Vec<ArtistTrack> {
    let mut by_track: HashMap<_, Vec<Stand>> = HashMap::new();
    for stand in stands {
        let stands = by_track.entry(stand.track_id.clone()).or_default();
        stands.push(stand);
    }
    let mut items = Vec::new();
    for row in tracks {
        let never = |row: &Row| ArtistTrack::of(row.clone(), None, ranks);
        match by_track.remove(&row.track.track_id) {
            None => items.push(never(&row)),
            Some(stands) => items.extend(
                stands
                    .into_iter()
                    .map(|stand| ArtistTrack::of(row.clone(), Some(stand), ranks)),
            ),
        }
    }
    items.sort_by(|one, other| one.place().cmp(&other.place()));
    items
}

impl ArtistTrack {
    fn of(row: Row, stand: Option<Stand>, ranks: &Ranks) -> Self {
        let stand = stand.as_ref();
        Self {
            time_range: stand.map(|stand| stand.time_range),
            cover_url: row.cover_url,
            rank: stand.and_then(|stand| {
                let key = (stand.track_id.clone(), stand.time_range);
                ranks.get(&key).copied()
            }),
            best_rank: stand.map(|stand| stand.best_rank),
            day_count: stand.map(|stand| stand.day_count),
            first_seen_date: stand.map(|stand| stand.first_seen_date),
            last_seen_date: stand.map(|stand| stand.last_seen_date),
            track: row.track,
        }
    }

    /// The order of the items.
    fn place(&self) -> impl Ord {
        (
            self.time_range.is_none(),
            self.time_range,
            std::cmp::Reverse(self.day_count),
            self.best_rank,
            self.track.track_id.clone(),
        )
    }
}
