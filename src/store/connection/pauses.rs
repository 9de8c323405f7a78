//! The pause that the provider asked for.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::pause::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryTrait};

const PROVIDER: &str = "spotify";

/// No pause is longer. One that ends later was stored while the clock was wrong.
const LONGEST: TimeDelta = TimeDelta::days(7);

/// No request to the provider before this instant, which may have passed.
pub async fn not_before(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let pause = Entity::find_by_id(PROVIDER).one(db).await?;
    let not_before = pause.map(|pause| pause.not_before);
    Ok(not_before.filter(|not_before| *not_before <= now + LONGEST))
}

/// Stores a pause, connected or not. One that ends sooner than the stored one changes nothing.
pub async fn set_not_before(
    database: &Database,
    not_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = Model {
        provider: PROVIDER.to_owned(),
        not_before,
    };
    let stored = || Expr::col((Entity, Column::NotBefore));
    let mut longer = OnConflict::column(Column::Provider);
    longer
        .update_column(Column::NotBefore)
        .action_and_where(stored().lt(not_before).or(stored().gt(now + LONGEST)));
    let insert = Insert::one(row.into_active_model()).on_conflict(longer);
    database.write_one(&insert.into_query()).await.map(drop)
}
