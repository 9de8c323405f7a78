//! The pause that the provider asked for.

use crate::db::Database;
use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::pause::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryTrait};

const PROVIDER: &str = "spotify";

/// No request to the provider before this instant, which may have passed.
pub async fn not_before(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let pause = Entity::find_by_id(PROVIDER).one(db).await?;
    Ok(pause.map(|pause| pause.not_before))
}

/// Stores a pause, connected or not. One that ends sooner than the stored one changes nothing.
pub async fn set_not_before(database: &Database, not_before: DateTime<Utc>) -> Result<()> {
    let row = Model {
        provider: PROVIDER.to_owned(),
        not_before,
    };
    let mut longer = OnConflict::column(Column::Provider);
    longer
        .update_column(Column::NotBefore)
        .action_and_where(Expr::col((Entity, Column::NotBefore)).lt(not_before));
    let insert = Insert::one(row.into_active_model()).on_conflict(longer);
    database.write_one(&insert.into_query()).await.map(drop)
}
