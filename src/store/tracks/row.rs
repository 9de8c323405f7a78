//! A track's row: as it is kept, as it is to be, and the statement that writes it.

use crate::db::bulk::{self, Field};
use crate::error::Result;
use crate::payload::{self, Columns, Payload, Seen};
use chrono::{DateTime, Utc};
use entity::track;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use std::collections::HashSet;

/// What is kept of a track now, in the form in which it is compared.
pub struct Known {
    pub columns: Columns,
    pub payload: Option<Payload>,
    pub payload_at: Option<DateTime<Utc>>,
}

impl From<track::Model> for Known {
    fn from(model: track::Model) -> Self {
        let raw_json = model.raw_json.map(payload::canonical);
        Self {
            columns: Columns {
                name: model.name,
                artist_name: model.artist_name,
                album_name: model.album_name,
                duration_ms: model.duration_ms,
                spotify_url: model.spotify_url,
            },
            payload: raw_json.as_ref().map(Payload::from),
            payload_at: model.payload_at,
        }
    }
}

impl Known {
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            payload: self.payload.as_ref(),
            at: self.payload_at,
        }
    }
}

const COLUMNS: [track::Column; 8] = [
    track::Column::TrackId,
    track::Column::Name,
    track::Column::ArtistName,
    track::Column::AlbumName,
    track::Column::DurationMs,
    track::Column::SpotifyUrl,
    track::Column::PayloadAt,
    track::Column::RawJson,
];
/// A row of the table, as it is to be.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub track_id: &'a str,
    pub columns: &'a Columns,
    pub seen: Seen<'a>,
}

impl<'a> Row<'a> {
    /// Whether it is kept so already.
    pub fn is(&self, known: &Known) -> bool {
        *self.columns == known.columns
            && self.seen.payload == known.payload.as_ref()
            && self.seen.at == known.payload_at
    }

    /// In the order of [`COLUMNS`].
    fn fields(self) -> [Field<'a>; 8] {
        let columns = self.columns;
        [
            Field::Text(Some(self.track_id)),
            Field::Text(Some(&columns.name)),
            Field::Text(Some(&columns.artist_name)),
            Field::Text(columns.album_name.as_deref()),
            Field::Integer(columns.duration_ms),
            Field::Text(columns.spotify_url.as_deref()),
            Field::Instant(self.seen.at),
            Field::Json(self.seen.payload.map(|payload| payload.text.as_str())),
        ]
    }
}

/// Leaves alone what another writer has inserted meanwhile.
pub fn leave() -> OnConflict {
    OnConflict::column(track::Column::TrackId)
        .do_nothing()
        .to_owned()
}

pub fn overwrite() -> OnConflict {
    OnConflict::column(track::Column::TrackId)
        .update_columns(COLUMNS.into_iter().skip(1))
        .to_owned()
}

/// Says which rows were written.
pub async fn insert(
    work: &DatabaseTransaction,
    rows: Vec<Row<'_>>,
    on_conflict: OnConflict,
) -> Result<HashSet<String>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let mut insert = Query::insert();
    insert.into_table(track::Entity).columns(COLUMNS);
    let rows = rows.into_iter().map(Row::fields).collect();
    bulk::rows(&mut insert, work.get_database_backend(), rows);
    insert
        .on_conflict(on_conflict)
        .returning_col(track::Column::TrackId);
    let written = work.query_all(&insert).await?;
    let track_id = |row: &QueryResult| row.try_get_by_index(0);
    Ok(written.iter().map(track_id).collect::<Result<_, _>>()?)
}
