//! Artists as JSON.

use super::query::{self, Artist};
use crate::api::table::{Format, Tabular, TabularLookup};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{OpenApi, Tags};

pub struct ArtistsApi;

#[derive(Tags)]
enum Tag {
    /// Artists with their tracks
    Artists,
}

#[OpenApi(tag = "Tag::Artists")]
impl ArtistsApi {
    /// Get an artist with all tracks
    ///
    /// The artist of a track is the first in its payload. The key is the provider's id, or `name:` and the name, as one
    /// percent-encoded segment: `name:AC%2FDC`. A name that exactly one id has names the same artist as the id, and the
    /// tracks without an id under that name are this artist's too. The items are by range, the shortest first, then most
    /// days, best rank and id; tracks that were on no list come last. Only lists up to today count.
    #[oai(
        path = "/artists/:artist_key",
        method = "get",
        operation_id = "get_artist",
        transform = "kept"
    )]
    async fn get_artist(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The provider's id, or `name:` and the name
        #[oai(validator(min_length = 1))]
        artist_key: Path<String>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularLookup<Artist> {
        let db = db.read_transaction().await?;
        let found = query::artist(&db, &artist_key, clock.today()).await?;
        Ok(Tabular::new(found.artist, format.0, None)?.found())
    }
}
