//! The calendar as JSON.

use super::query::{self, Calendar};
use crate::api::day::DateParameter;
use crate::api::table::{Format, Tabular, TabularResult};
use crate::clock::Clock;
use crate::db::Database;
use crate::http::kept;
use entity::snapshot::TimeRange;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::{OpenApi, Tags};

pub struct CalendarApi;

#[derive(Tags)]
enum Tag {
    /// The state of each day: whether a list was kept, and if not, why
    Calendar,
}

#[OpenApi(tag = "Tag::Calendar")]
impl CalendarApi {
    /// Get the state of each day
    ///
    /// Of one time range, oldest first, at most 400 days. Without `from`, it is the 182 days up to `to`.
    #[oai(
        path = "/calendar",
        method = "get",
        operation_id = "get_calendar",
        transform = "kept"
    )]
    async fn get_calendar(
        &self,
        db: Data<&Database>,
        clock: Data<&Clock>,
        /// The time range
        #[oai(default = "short_term")]
        time_range: Query<TimeRange>,
        /// The first day; 181 days before `to` unless given
        from: Query<Option<DateParameter>>,
        /// The last day; today unless given
        to: Query<Option<DateParameter>>,
        /// `csv` for a table; so does the header `Accept: text/csv`
        format: Query<Option<Format>>,
    ) -> TabularResult<Calendar> {
        let span = (from.0.map(|day| day.0), to.0.map(|day| day.0));
        let db = db.read_transaction().await?;
        let calendar = query::calendar(&db, time_range.0, span, clock.today()).await?;
        Ok(Tabular::new(calendar, format.0, None)?)
    }
}

fn short_term() -> TimeRange {
    TimeRange::ShortTerm
}
