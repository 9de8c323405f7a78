//! The search as JSON.

use super::query::{self, SearchResults};
use super::turns::Turns;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct SearchApi;

#[derive(Tags)]
enum Tag {
    /// Names of tracks, artists and albums
    Search,
}

#[OpenApi(tag = "Tag::Search")]
impl SearchApi {
    /// Search for names
    ///
    /// Finds the tracks, artists and albums in whose names every word occurs: at the beginning of a word, or inside one if
    /// it has three characters or more or is Chinese, Japanese or Korean. Case, accents, full and half width and
    /// punctuation make no difference. Without letters, digits or symbols, as in `!!!`, the text is looked for as it is.
    ///
    /// First come the names that are equal, then those that begin with it, then those in which words begin with its
    /// words, then the others; among these the one that was on lists of any range on most days, then by name and id.
    #[oai(
        path = "/search",
        method = "get",
        operation_id = "search",
        transform = "kept"
    )]
    async fn search(
        &self,
        db: Data<&Database>,
        turns: Data<&Turns>,
        clock: Data<&Clock>,
        /// The words, in any order. A blank text finds nothing
        #[oai(validator(max_length = 200))]
        q: Query<Option<String>>,
        /// How many of each
        #[oai(
            default = "default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
        /// The table, if the format is `csv`: `tracks`, `artists` or `albums`
        table: Query<Option<String>>,
    ) -> TabularResult<SearchResults> {
        let (text, limit) = (q.0.unwrap_or_default(), limit.0 as usize);
        let found = query::search(&db, &turns, clock.today(), &text, limit).await?;
        Ok(Tabular::new(found.results, format.0, table.0.as_deref())?)
    }
}

fn default_limit() -> u32 {
    20
}
