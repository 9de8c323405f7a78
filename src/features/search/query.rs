//! The tracks, artists and albums whose names match.

use super::candidates::{Best, Candidates, Group, Listed, Match, Names};
use super::matching::Question;
use super::turns::Turns;
use crate::db::{self, Database, bulk};
use crate::error::Result;
use crate::features::tracks::query::TrackSummary;
use chrono::NaiveDate;
use entity::{payload, snapshot, track};
use futures_util::TryStreamExt;
use poem_openapi::Object;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PartialModelTrait,
    QueryFilter, QuerySelect, StreamTrait,
};
use std::collections::HashMap;

/// What a search finds, best first.
#[derive(Clone, Debug, Default, Object)]
#[oai(example)]
pub struct SearchResults {
    pub tracks: Vec<FoundTrack>,
    pub artists: Vec<FoundArtist>,
    pub albums: Vec<FoundAlbum>,
}

/// A track whose name matches. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FoundTrack {
    #[oai(flatten)]
    pub track: TrackSummary,
    /// The album cover in the payload, of about 300 pixels.
    pub cover_url: Option<String>,
    /// The best rank on a list of any range. Left out if it was never on one.
    pub best_rank: Option<i32>,
    /// Days on lists of any range.
    pub day_count: i64,
}

/// An artist whose name matches. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FoundArtist {
    pub artist_name: String,
    /// Names the artist in `/api/artists/{artist_key}`.
    pub artist_key: String,
    /// Tracks in the library with this artist under a name that matches.
    pub track_count: i64,
    /// The best rank of these tracks on a list of any range. Left out if none was on one.
    pub best_rank: Option<i32>,
    /// Days on which one of these tracks was on a list of any range.
    pub day_count: i64,
}

/// An album whose name matches: the tracks with one album name and artist. Members without a value are left out.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FoundAlbum {
    pub album_name: String,
    pub artist_name: String,
    /// Names the artist in `/api/artists/{artist_key}`. Left out if the name is empty.
    pub artist_key: Option<String>,
    /// Its track with the most days on lists.
    pub track_id: String,
    /// The cover in the payload of that track, of about 300 pixels.
    pub cover_url: Option<String>,
    /// Tracks of the album in the library.
    pub track_count: i64,
    /// The best rank of these tracks on a list of any range. Left out if none was on one.
    pub best_rank: Option<i32>,
    /// Days on which one of these tracks was on a list of any range.
    pub day_count: i64,
}

/// The results, and how many there would be without a limit.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub results: SearchResults,
    pub track_count: i64,
    pub artist_count: i64,
    pub album_count: i64,
    /// The tracks whose names were read.
    pub searched_count: i64,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.track_count + self.artist_count + self.album_count == 0
    }
}

/// Names that are read before other tasks get a turn: about a millisecond.
const NAMES: i64 = 500;
/// From this number of tracks on, reading the days of all is faster than looking each up.
const MANY: usize = 20_000;

/// Searches the names of all tracks, artists and albums. A blank text finds nothing, and reads nothing.
pub async fn search(
    database: &Database,
    turns: &Turns,
    today: NaiveDate,
    text: &str,
    limit: usize,
) -> Result<Found> {
    let Some(question) = Question::of(text) else {
        return Ok(Found::default());
    };
    let _turn = turns.wait().await;
    let db = database.read_transaction().await?;
    let mut candidates = Candidates::new(question, limit);
    read_names(&db, &mut candidates).await?;
    read_days(&db, today, &mut candidates).await?;
    let found = Found {
        results: SearchResults::default(),
        track_count: candidates.matching_track_count,
        artist_count: candidates.artist_count(),
        album_count: candidates.album_count(),
        searched_count: candidates.track_count,
    };
    // There may be a million of them to sort.
    let best = tokio::task::spawn_blocking(|| candidates.best()).await;
    let results = described(&db, best.expect("sorting does not panic")).await?;
    Ok(Found { results, ..found })
}

async fn read_names(
    db: &(impl ConnectionTrait + StreamTrait),
    candidates: &mut Candidates,
) -> Result<()> {
    let mut rows = track::Entity::find()
        .select_only()
        .columns([
            track::Column::TrackId,
            track::Column::Name,
            track::Column::ArtistName,
            track::Column::AlbumName,
        ])
        .into_tuple::<(String, String, String, Option<String>)>()
        .stream(db)
        .await?;
    let mut matching = HashMap::new();
    while let Some((track_id, name, artist_name, album_name)) = rows.try_next().await? {
        let names = Names {
            track_id,
            name,
            artist_name,
            artist_key: None,
            album_name,
        };
        if let Some(found) = candidates.matching(names) {
            matching.insert(found.names.track_id.clone(), found);
        }
        if candidates.track_count % NAMES == 0 {
            tokio::task::yield_now().await;
        }
    }
    drop(rows);
    add_with_keys(db, candidates, matching).await
}

/// The keys of artists depend on a generated column, which SQLite reads from the table only: so those of the tracks that
/// match alone.
async fn add_with_keys(
    db: &(impl ConnectionTrait + StreamTrait),
    candidates: &mut Candidates,
    mut matching: HashMap<String, Match>,
) -> Result<()> {
    if matching.is_empty() {
        return Ok(());
    }
    let engine = ConnectionTrait::get_database_backend(db);
    let among = (matching.len() < MANY).then(|| {
        let column = (track::Entity, track::Column::TrackId);
        bulk::is_among(engine, column, matching.keys().cloned())
    });
    let mut rows = track::Entity::find()
        .select_only()
        .column(track::Column::TrackId)
        .column_as(payload::artist_key(), "artist_key")
        .filter(Condition::all().add_option(among))
        .into_tuple::<(String, Option<String>)>()
        .stream(db)
        .await?;
    let mut count = 0;
    while let Some((track_id, artist_key)) = rows.try_next().await? {
        if let Some(found) = matching.remove(&track_id) {
            candidates.add(found, artist_key);
        }
        count += 1;
        if count % NAMES == 0 {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Reads the days of the tracks among which they decide.
async fn read_days(
    db: &(impl ConnectionTrait + StreamTrait),
    today: NaiveDate,
    candidates: &mut Candidates,
) -> Result<()> {
    let undecided = candidates.undecided();
    if undecided.is_empty() {
        return Ok(());
    }
    let engine = ConnectionTrait::get_database_backend(db);
    let among = (undecided.len() < MANY).then(|| {
        let column = (snapshot::Entity, snapshot::Column::TrackId);
        bulk::is_among(engine, column, undecided.keys().cloned())
    });
    let mut rows = snapshot::Entity::find()
        .select_only()
        .column(snapshot::Column::TrackId)
        .column_as(snapshot::Column::Rank.min(), "best_rank")
        .column_as(db::days_text(engine), "days")
        .filter(Condition::all().add_option(among))
        .filter(snapshot::Column::SnapshotDate.lte(today))
        .group_by(snapshot::Column::TrackId)
        .into_tuple::<(String, i32, String)>()
        .stream(db)
        .await?;
    let mut count = 0;
    while let Some((track_id, best_rank, days)) = rows.try_next().await? {
        if let Some(member) = undecided.get(&track_id) {
            candidates.count(
                *member,
                best_rank,
                days.split(',').map(day_number).collect(),
            );
        }
        count += 1;
        if count % NAMES == 0 {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// A number for each day, as in 20260301.
fn day_number(day: &str) -> u32 {
    day.bytes()
        .filter(u8::is_ascii_digit)
        .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

/// Reads what is shown of the best.
async fn described(db: &impl ConnectionTrait, best: Best) -> Result<SearchResults> {
    let of_albums = best.albums.iter().map(|album| album.track_id.clone());
    let ids = best.tracks.iter().map(|(id, _)| id.clone());
    let described = described_tracks(db, ids.chain(of_albums).collect()).await?;
    let tracks = best.tracks.into_iter().filter_map(|(id, listed)| {
        let described = described.get(&id)?.clone();
        Some(FoundTrack::new(described, listed))
    });
    let albums = best.albums.into_iter().map(|album| {
        let track = described.get(&album.track_id);
        let cover_url = track.and_then(|track| track.cover_url.clone());
        FoundAlbum::new(album, cover_url)
    });
    Ok(SearchResults {
        tracks: tracks.collect(),
        artists: best.artists.into_iter().map(FoundArtist::from).collect(),
        albums: albums.collect(),
    })
}

#[derive(Clone, FromQueryResult)]
struct DescribedTrack {
    #[sea_orm(nested)]
    track: TrackSummary,
    cover_url: Option<String>,
}

async fn described_tracks(
    db: &impl ConnectionTrait,
    ids: Vec<String>,
) -> Result<HashMap<String, DescribedTrack>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let engine = db.get_database_backend();
    let column = (track::Entity, track::Column::TrackId);
    let tracks = track::Entity::find().select_only();
    let tracks: Vec<DescribedTrack> = TrackSummary::select_cols(tracks)
        .column_as(payload::cover_url(engine), "cover_url")
        .filter(bulk::is_among(engine, column, ids.into_iter()))
        .into_model()
        .all(db)
        .await?;
    let by_id = |row: DescribedTrack| (row.track.track_id.clone(), row);
    Ok(tracks.into_iter().map(by_id).collect())
}

impl FoundTrack {
    fn new(described: DescribedTrack, listed: Listed) -> Self {
        Self {
            track: described.track,
            cover_url: described.cover_url,
            best_rank: listed.best_rank,
            day_count: listed.day_count,
        }
    }
}

impl From<Group> for FoundArtist {
    fn from(group: Group) -> Self {
        Self {
            artist_name: group.name,
            artist_key: group.artist_key.unwrap_or_default(),
            track_count: group.track_count,
            best_rank: group.listed.best_rank,
            day_count: group.listed.day_count,
        }
    }
}

impl FoundAlbum {
    fn new(group: Group, cover_url: Option<String>) -> Self {
        Self {
            album_name: group.name,
            artist_name: group.artist_name,
            artist_key: group.artist_key,
            track_id: group.track_id,
            cover_url,
            track_count: group.track_count,
            best_rank: group.listed.best_rank,
            day_count: group.listed.day_count,
        }
    }
}
