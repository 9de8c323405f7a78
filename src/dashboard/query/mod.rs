//! Everything on the dashboard, seen in one moment.

mod days;
mod movement;

pub use days::{DayOutcome, KeptDay, KeptDays};
pub use movement::{LatestList, Movement, Placed, Turnover};

use crate::db::Database;
use crate::error::Result;
use crate::releases::query::{self as releases, Distribution};
use chrono::NaiveDate;
use poem_openapi::Object;
use poem_openapi::types::Example;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

/// Years shown before the rest are counted together.
const YEARS: usize = 10;

pub struct Dashboard {
    pub summary: Summary,
    pub turnover: Option<Turnover>,
    pub decades: Distribution,
    pub years: Distribution,
    pub explicit: Distribution,
    pub latest: Option<LatestList>,
    pub days: Option<KeptDays>,
}

/// What the library holds.
#[derive(Clone, Debug, PartialEq, Eq, Object, FromQueryResult)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Summary {
    pub track_count: i64,
    /// Days on which a list was kept.
    pub snapshot_count: i64,
    /// Left out while there are no lists.
    pub first_snapshot_date: Option<NaiveDate>,
    /// Left out while there are no lists.
    pub latest_snapshot_date: Option<NaiveDate>,
}

impl Example for Summary {
    fn example() -> Self {
        Self {
            track_count: 1284,
            snapshot_count: 1071,
            first_snapshot_date: NaiveDate::from_ymd_opt(2023, 11, 11),
            latest_snapshot_date: NaiveDate::from_ymd_opt(2026, 11, 22),
        }
    }
}

pub async fn dashboard(database: &Database) -> Result<Dashboard> {
    let moment = database.moment().await?;
    let summary = summary(&moment).await?;
    let releases = releases::releases(&moment).await?;
    let latest = movement::latest_list(&moment).await?;
    let days = match (summary.latest_snapshot_date, &latest) {
        (Some(last), Some(list)) => Some(days::kept_days(&moment, last, list.time_range).await?),
        _ => None,
    };
    Ok(Dashboard {
        summary,
        turnover: latest.as_ref().and_then(LatestList::turnover),
        decades: releases.decades(),
        years: releases.years(YEARS),
        explicit: releases.explicit(),
        latest,
        days,
    })
}

pub async fn summary(db: &impl ConnectionTrait) -> Result<Summary> {
    let statement = Statement::from_string(db.get_database_backend(), SUMMARY);
    let summary = Summary::find_by_statement(statement).one(db).await?;
    Ok(summary.expect("a count always has a row"))
}

/// The days are found by jumping from one to the next in the index, however many rows each has.
const SUMMARY: &str = "
WITH RECURSIVE days (snapshot_date) AS (
    SELECT first.snapshot_date
    FROM (SELECT snapshot_date FROM snapshots ORDER BY snapshot_date LIMIT 1) AS first
    UNION ALL
    SELECT (
        SELECT later.snapshot_date FROM snapshots AS later
        WHERE later.snapshot_date > days.snapshot_date
        ORDER BY later.snapshot_date LIMIT 1
    )
    FROM days WHERE days.snapshot_date IS NOT NULL
)
SELECT
    (SELECT count(*) FROM tracks) AS track_count,
    count(snapshot_date) AS snapshot_count,
    min(snapshot_date) AS first_snapshot_date,
    max(snapshot_date) AS latest_snapshot_date
FROM days";
