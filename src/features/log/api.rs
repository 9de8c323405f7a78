//! The log as JSON.

use super::query::{self, LogPage};
use crate::api::cursor::{self, Cursor};
use crate::api::table::{Format, Tabular, TabularResult};
use crate::db::Database;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct LogApi;

#[derive(Tags)]
enum Tag {
    /// Sign-ins, changes of tokens and of the password, exports and deletions
    Log,
}

#[OpenApi(tag = "Tag::Log")]
impl LogApi {
    /// List the entries of the log
    ///
    /// Newest first.
    #[oai(path = "/log", method = "get", operation_id = "list_log_entries")]
    async fn list_log_entries(
        &self,
        db: Data<&Database>,
        /// How many entries
        #[oai(
            default = "cursor::default_limit",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// The `next_cursor` of the previous page
        cursor: Query<Option<Cursor>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<LogPage> {
        let after = cursor.0.map(Cursor::decode).transpose()?;
        let page = query::log_entries(&db.read(), after, limit.0.into()).await?;
        Ok(Tabular::new(page, format.0, None)?)
    }
}
