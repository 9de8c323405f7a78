//! From the tables to the chunks of an archive, all in one transaction.
//!
//! The tracks are read by pages of their key, the lists and the ledger by days, so that neither memory nor the time of a
//! statement grows with the library. A bounded channel to the reader keeps the export from running ahead of it. The export
//! ends when its reader is dropped.

use super::line::{Capture, Counts, Header, Line, List, Place, Track};
use crate::db::{self, Database};
use crate::error::{Error, Result};
use crate::payload;
use chrono::{DateTime, NaiveDate, Utc};
use entity::snapshot::{self, TimeRange};
use entity::{capture, track};
use flate2::Compression;
use flate2::write::GzEncoder;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::value::RawValue;
use std::io::Write;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::spawn_blocking;

/// Tracks of a page. Their payloads may have 256 KiB each.
const PAGE: u64 = 250;
/// Chunks between the export and its reader.
const QUEUE: usize = 4;

/// An export that has begun.
pub struct Export(Receiver<Result<Chunk>>);

pub enum Chunk {
    /// A part of the gzip stream.
    Bytes(Vec<u8>),
    /// The stream is whole. Nothing follows.
    End(Counts),
}

impl Export {
    /// Begins a transaction, which sees one moment of the library.
    pub async fn begin(database: &Database) -> Result<Self> {
        let db = database.read_transaction().await?;
        let (sender, receiver) = channel(QUEUE);
        tokio::spawn(async move {
            let end = match write_tables(&db, &sender).await {
                Ok(counts) => Ok(Chunk::End(counts)),
                Err(error) => Err(error),
            };
            // The reader may have gone.
            let _ = sender.send(end).await;
        });
        Ok(Self(receiver))
    }

    /// The next chunk. After an error the archive is not whole, and stays so.
    pub async fn next(&mut self) -> Result<Chunk> {
        let chunk = self.0.recv().await;
        chunk.unwrap_or_else(|| Err(stopped("it sends no more")))
    }
}

async fn write_tables(db: &DatabaseTransaction, sender: &Sender<Result<Chunk>>) -> Result<Counts> {
    let mut archive = Archive {
        gzip: GzEncoder::new(Vec::new(), Compression::new(5)),
        counts: Counts::default(),
        sender,
    };
    let header = Line::Archive(Header::of_this_program());
    archive = archive.write(vec![header], Ok).await?;
    let mut last = None;
    loop {
        let page = page_of_tracks(db, last).await?;
        let Some(row) = page.last() else { break };
        last = Some(row.track_id.clone());
        archive = archive.write(page, TrackRow::line).await?;
    }
    for day in days(db).await? {
        let lines = lines_of(db, day).await?;
        archive = archive.write(lines, Ok).await?;
    }
    archive.end().await
}

/// The archive as far as it is written.
struct Archive<'a> {
    gzip: GzEncoder<Vec<u8>>,
    counts: Counts,
    sender: &'a Sender<Result<Chunk>>,
}

impl Archive<'_> {
    /// Writes a line for each row. Compression takes most of the time of an export, so it has a thread of its own.
    async fn write<T: Send + 'static>(
        self,
        rows: Vec<T>,
        line: fn(T) -> Result<Line>,
    ) -> Result<Self> {
        let Self {
            mut gzip,
            mut counts,
            sender,
        } = self;
        let written = spawn_blocking(move || {
            let mut text = Vec::new();
            for row in rows {
                let line = line(row)?;
                counts.add(&line);
                serde_json::to_writer(&mut text, &line).map_err(stopped)?;
                text.push(b'\n');
            }
            gzip.write_all(&text).map_err(stopped)?;
            Ok::<_, Error>((gzip, counts))
        });
        let (mut gzip, counts) = written.await.map_err(stopped)??;
        send(sender, std::mem::take(gzip.get_mut())).await?;
        Ok(Self {
            gzip,
            counts,
            sender,
        })
    }

    async fn end(self) -> Result<Counts> {
        let end = Line::End(self.counts);
        let Self {
            gzip,
            counts,
            sender,
        } = self.write(vec![end], Ok).await?;
        send(sender, gzip.finish().map_err(stopped)?).await?;
        Ok(counts)
    }
}

async fn send(sender: &Sender<Result<Chunk>>, bytes: Vec<u8>) -> Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    sender.send(Ok(Chunk::Bytes(bytes))).await.map_err(stopped)
}

fn stopped(cause: impl std::fmt::Display) -> Error {
    Error::Database(DbErr::Custom(format!("the export stopped: {cause}")))
}

#[derive(FromQueryResult)]
struct TrackRow {
    track_id: String,
    name: String,
    artist_name: String,
    album_name: Option<String>,
    duration_ms: Option<i32>,
    spotify_url: Option<String>,
    payload_at: Option<DateTime<Utc>>,
    /// As text: another program may have stored what this one cannot parse.
    raw_json: Option<String>,
}

/// The tracks after this id, in the order of ids.
async fn page_of_tracks(db: &DatabaseTransaction, after: Option<String>) -> Result<Vec<TrackRow>> {
    use track::Column::{
        AlbumName, ArtistName, DurationMs, Name, PayloadAt, RawJson, SpotifyUrl, TrackId,
    };
    let columns = [TrackId, Name, ArtistName, AlbumName, DurationMs, SpotifyUrl];
    let rows = track::Entity::find()
        .select_only()
        .columns(columns)
        .column(PayloadAt)
        .column_as(Expr::col(RawJson).cast_as("text"), "raw_json")
        .filter(Condition::all().add_option(after.map(|id| TrackId.gt(id))))
        .order_by_asc(TrackId)
        .limit(PAGE);
    Ok(rows.into_model().all(db).await?)
}

impl TrackRow {
    fn line(self) -> Result<Line> {
        let raw_json = self.raw_json.map(|text| payload::stored_text(&text));
        let raw_json = raw_json.map(RawValue::from_string).transpose();
        Ok(Line::Track(Track {
            track_id: self.track_id,
            name: self.name,
            artist_name: self.artist_name,
            album_name: self.album_name,
            duration_ms: self.duration_ms,
            spotify_url: self.spotify_url,
            payload_at: self.payload_at,
            raw_json: raw_json.map_err(|cause| DbErr::Json(cause.to_string()))?,
        }))
    }
}

/// The days with lists or entries of the ledger.
async fn days(db: &DatabaseTransaction) -> Result<Vec<NaiveDate>> {
    let mut days = db::distinct_days(db, "snapshot_date", "snapshots").await?;
    days.extend(db::distinct_days(db, "snapshot_date", "captures").await?);
    days.sort();
    days.dedup();
    Ok(days)
}

async fn lines_of(db: &DatabaseTransaction, day: NaiveDate) -> Result<Vec<Line>> {
    use capture::Column::{CapturedAt, SnapshotDate, Source};
    let captures = capture::Entity::find()
        .filter(SnapshotDate.eq(day))
        .order_by_asc(CapturedAt)
        .order_by_asc(Source)
        .all(db)
        .await?;
    let places: Vec<(TimeRange, i32, String)> = {
        use snapshot::Column::{Rank, SnapshotDate, TimeRange, TrackId};
        snapshot::Entity::find()
            .select_only()
            .columns([TimeRange, Rank, TrackId])
            .filter(SnapshotDate.eq(day))
            .order_by_asc(Rank)
            .order_by_asc(TrackId)
            .into_tuple()
            .all(db)
            .await?
    };
    let mut lines = Vec::new();
    for time_range in TimeRange::ALL {
        let captures = captures.iter().filter(|row| row.time_range == time_range);
        lines.extend(captures.map(|row| Line::Capture(Capture::from(row.clone()))));
        let places = places.iter().filter(|(range, ..)| *range == time_range);
        let items: Vec<_> = places
            .map(|(_, rank, track_id)| Place {
                rank: *rank,
                track_id: track_id.clone(),
            })
            .collect();
        if !items.is_empty() {
            lines.push(Line::List(List {
                snapshot_date: day,
                time_range,
                items,
            }));
        }
    }
    Ok(lines)
}
