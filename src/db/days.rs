//! The days in a table, without reading all of its rows.

use super::distinct;
use crate::error::Result;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Statement};

/// The distinct days of an indexed column, ascending.
pub async fn distinct_days(
    db: &impl ConnectionTrait,
    column: &str,
    table: &str,
) -> Result<Vec<NaiveDate>> {
    let sql = format!(
        "{} SELECT value FROM found WHERE value IS NOT NULL ORDER BY 1",
        distinct(column, table)
    );
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await?;
    let days = rows.iter().map(|row| row.try_get_by_index(0));
    Ok(days.collect::<Result<_, _>>()?)
}
