//! The lists there are, without reading their tracks.

use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use sea_orm::{ConnectionTrait, Statement};

/// Steps from day to day, and looks for each range on each day: about four steps in the index over day and range for
/// each day, however many tracks its lists have. The limits keep PostgreSQL from reading all rows.
const KEPT_LISTS: &str = "
    WITH RECURSIVE days (day) AS (
        SELECT first.day FROM (
            SELECT snapshot_date AS day FROM snapshots WHERE snapshot_date >= $1 ORDER BY 1 LIMIT 1
        ) AS first
        UNION ALL
        SELECT (
            SELECT snapshot_date FROM snapshots WHERE snapshot_date > days.day ORDER BY snapshot_date LIMIT 1
        ) FROM days WHERE days.day < $2
    ),
    ranges (time_range) AS (VALUES ('short_term'), ('medium_term'), ('long_term'))
    SELECT days.day, ranges.time_range FROM days CROSS JOIN ranges
    WHERE days.day <= $2 AND (
        SELECT 1 FROM snapshots
        WHERE snapshots.snapshot_date = days.day AND snapshots.time_range = ranges.time_range LIMIT 1
    ) = 1
    ORDER BY 1";

/// The day and range of every list from a day to another, by day.
pub async fn kept_lists(
    db: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, TimeRange)>> {
    let span = [from.into(), to.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), KEPT_LISTS, span);
    let mut lists = Vec::new();
    for row in db.query_all_raw(statement).await? {
        let range: String = row.try_get_by_index(1)?;
        if let Some(range) = TimeRange::from_word(&range) {
            lists.push((row.try_get_by_index(0)?, range));
        }
    }
    Ok(lists)
}
