//! Which lists have changed since a moment, whoever has changed them: the database notes it beside
//! each write (`list_changes`).

use crate::error::Result;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};
use std::collections::BTreeSet;

/// A moment up to which the changes are known, in the engine's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    moment: String,
    /// The table that has the changes: one that was restored knows others.
    table: String,
}

pub struct Changes {
    /// Where to go on from; `None` where the server does not know: a standby.
    pub mark: Option<Mark>,
    /// The lists that may have changed, those that have come and gone among them; `None` stands for
    /// all.
    pub lists: Option<BTreeSet<(TimeRange, NaiveDate)>>,
}

/// Numbers of transactions that are still to come were restored with the table, and say nothing.
const POSTGRES: &str = "
SELECT present.moment, CAST(present.table_id AS text) AS table_id,
    CAST(changed.snapshot_date AS text) AS day, changed.time_range, changed.ctid IS NOT NULL AS any
FROM (
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN CAST(pg_current_snapshot() AS text) END AS moment,
        CAST(CAST('list_changes' AS regclass) AS oid) AS table_id
) AS present
LEFT JOIN list_changes AS changed
    ON changed.changed_by >= pg_snapshot_xmin(CAST($1 AS pg_snapshot))
    AND changed.changed_by < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT pg_visible_in_snapshot(changed.changed_by, CAST($1 AS pg_snapshot))";

/// A number below the mark belongs to a file that was restored.
const SQLITE: &str = "
SELECT CAST(present.moment AS text) AS moment, '' AS table_id, changed.snapshot_date AS day, changed.time_range,
    changed.number IS NOT NULL OR coalesce(present.moment < CAST($1 AS integer), 0) AS any
FROM (SELECT coalesce(max(number), 0) AS moment FROM list_changes) AS present
LEFT JOIN list_changes AS changed ON changed.number > CAST($1 AS integer)";

/// What has changed between the mark and `moment`, which is a transaction in which all questions
/// agree.
pub async fn changes(moment: &impl ConnectionTrait, since: Option<&Mark>) -> Result<Changes> {
    let engine = moment.get_database_backend();
    let question = match engine {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    // Nothing is later than an unknown moment.
    let since_moment = since.map(|mark| mark.moment.clone());
    let question = Statement::from_sql_and_values(engine, question, [since_moment.into()]);
    let rows = moment.query_all_raw(question).await?;
    let mark = rows.first().map(mark).transpose()?.flatten();
    let same_table = |since: &Mark| mark.as_ref().is_some_and(|now| now.table == since.table);
    let lists = match since.is_some_and(same_table) {
        true => lists(&rows)?,
        false => None,
    };
    Ok(Changes { mark, lists })
}

fn mark(row: &QueryResult) -> Result<Option<Mark>, DbErr> {
    let moment: Option<String> = row.try_get_by("moment")?;
    let table = row.try_get_by("table_id")?;
    Ok(moment.map(|moment| Mark { moment, table }))
}

/// `None` when all lists have changed.
fn lists(rows: &[QueryResult]) -> Result<Option<BTreeSet<(TimeRange, NaiveDate)>>, DbErr> {
    let mut lists = BTreeSet::new();
    for row in rows {
        if !row.try_get_by::<bool, _>("any")? {
            continue;
        }
        let day: Option<String> = row.try_get_by("day")?;
        let range: Option<String> = row.try_get_by("time_range")?;
        let (Some(day), Some(range)) = (day, range) else {
            return Ok(None);
        };
        // What is no day of four digits nobody has put through this program.
        lists.extend(TimeRange::from_word(&range).zip(day.parse().ok()));
    }
    Ok(Some(lists))
}
