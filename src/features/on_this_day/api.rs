//! The lists of the same day in earlier years as JSON and CSV.

use super::query::{self, OnThisDay};
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct OnThisDayApi;

#[derive(Tags)]
enum Tag {
    /// The same day in earlier years
    OnThisDay,
}

#[OpenApi(tag = "Tag::OnThisDay")]
impl OnThisDayApi {
    /// Get the lists of the same day in earlier years
    ///
    /// For 1, 2, 3… years before `date`, as long as there are lists: the kept day nearest to the day, at most 3 days
    /// off, the earlier of two. A year without one is left out. Each with the top of its list, and the rank of each
    /// track on the latest list.
    #[oai(
        path = "/on-this-day",
        method = "get",
        operation_id = "get_on_this_day",
        transform = "kept"
    )]
    async fn get_on_this_day(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The day to count the years from. By default the latest day up to today with a list of any range
        date: Query<Option<DateParameter>>,
        /// The time range of the lists
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// How many tracks of each list
        #[oai(
            default = "top",
            validator(minimum(value = "1"), maximum(value = "100"))
        )]
        limit: Query<u32>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<OnThisDay> {
        let db = db.read_transaction().await?;
        let days = (date.0.map(|day| day.0), clock.today());
        let answer = query::on_this_day(&db, time_range.0, days, limit.0.into()).await?;
        Ok(Tabular::new(answer, format.0, None)?)
    }
}

fn short_term() -> TimeRange {
    TimeRange::ShortTerm
}

/// The length of a top, if the caller names none.
fn top() -> u32 {
    3
}
