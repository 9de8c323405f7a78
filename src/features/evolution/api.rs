//! Evolution as JSON, and each of its tables as CSV.

use super::answer::Evolution;
use super::period::Period;
use super::query::{self, Question};
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::features::snapshots::query as snapshots;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct EvolutionApi;

#[derive(Tags)]
enum Tag {
    /// How the lists changed over months and years
    Evolution,
}

#[OpenApi(tag = "Tag::Evolution")]
impl EvolutionApi {
    /// Get the evolution of the lists of one range
    ///
    /// Turnover, discoveries and drift of each list; growth and diversity of each month; the artists who stayed; and
    /// how long a track stays. The period selects what is reported, not what it is compared with: the list before the
    /// first one of the period counts, and stays are those since the first list.
    #[oai(
        path = "/evolution",
        method = "get",
        operation_id = "get_evolution",
        transform = "kept"
    )]
    async fn get_evolution(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The time range of the lists
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// The lists of the last 180, 365 or 730 days up to `as_of`, or all
        #[oai(default)]
        period: Query<Period>,
        /// Only lists up to this day count. Unless given, the latest day up to today with a list of any range
        as_of: Query<Option<DateParameter>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
        /// The member to answer as CSV
        table: Query<Option<String>>,
    ) -> TabularResult<Evolution> {
        let db = db.read_transaction().await?;
        let question = Question {
            time_range: time_range.0,
            period: period.0,
            as_of: match as_of.0 {
                Some(day) => Some(day.0),
                None => snapshots::as_of(&db, clock.today()).await?,
            },
        };
        let evolution = query::evolution(&db, question).await?;
        Ok(Tabular::new(evolution, format.0, table.0.as_deref())?)
    }
}

fn short_term() -> TimeRange {
    TimeRange::ShortTerm
}
