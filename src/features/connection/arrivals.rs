//! The last answer for each list, and the lists of today as they come in.

use crate::capture::SOURCE;
use crate::error::Result;
use crate::features::snapshots::query::ranked_tracks;
use chrono::{DateTime, NaiveDate, Utc};
use entity::capture::{self, Column};
use entity::snapshot::TimeRange;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A list of today.
pub struct Arrival {
    pub time_range: TimeRange,
    /// `None` before the provider has answered.
    pub attempt: Option<capture::Model>,
    /// The address of each cover, best first.
    pub covers: Vec<Option<String>>,
}

/// The last attempt of each range to take a list from the provider, since the owner consented.
pub async fn last_attempts(
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
) -> Result<Vec<capture::Model>> {
    let attempted_at = || {
        let last = Expr::col(Column::LastAttemptAt);
        last.if_null(Expr::col(Column::CapturedAt))
    };
    let mut attempts = Vec::new();
    for time_range in TimeRange::ALL {
        let last = capture::Entity::find()
            .filter(Column::Source.eq(SOURCE))
            .filter(Column::TimeRange.eq(time_range))
            .filter(attempted_at().gte(since))
            .order_by_desc(attempted_at())
            .order_by_desc(Column::CapturedAt)
            .one(db)
            .await?;
        attempts.extend(last);
    }
    Ok(attempts)
}

/// The lists of today, the shortest range first.
pub async fn arrivals(
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Vec<Arrival>> {
    let mut attempts = last_attempts(db, since).await?;
    attempts.retain(|attempt| attempt.snapshot_date == today);
    let mut arrivals = Vec::new();
    for time_range in TimeRange::ALL {
        let mut of_range = attempts.iter().filter(|of| of.time_range == time_range);
        let attempt = of_range.next().cloned();
        let tracks = match attempt {
            Some(_) => ranked_tracks(db, today, time_range).await?,
            None => Vec::new(),
        };
        arrivals.push(Arrival {
            time_range,
            attempt,
            covers: tracks.into_iter().map(|track| track.cover_url).collect(),
        });
    }
    Ok(arrivals)
}
