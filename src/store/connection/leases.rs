//! Leases: a named piece of work that one process does at a time.

use crate::db::Database;
use crate::error::Result;
use crate::secrets::random;
use chrono::{DateTime, TimeDelta, Utc};
use entity::lease::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter, QueryTrait};

/// The work, and the name under which this holder takes it.
#[derive(Clone, Debug)]
pub struct Lease {
    name: &'static str,
    holder: String,
}

impl Lease {
    /// A new holder. It holds nothing yet.
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            holder: random().expose().to_owned(),
        }
    }
}

/// Takes the lease if it is free or has expired, and renews it if this holder has it. Returns whether it has it now.
pub async fn acquire_lease(
    database: &Database,
    lease: &Lease,
    now: DateTime<Utc>,
    period: TimeDelta,
) -> Result<bool> {
    let row = Model {
        name: lease.name.to_owned(),
        holder: lease.holder.clone(),
        expires_at: now + period,
    };
    let mut take = OnConflict::column(Column::Name);
    take.update_columns([Column::Holder, Column::ExpiresAt]);
    let is_own = Expr::col((Entity, Column::Holder)).eq(lease.holder.as_str());
    let has_expired = Expr::col((Entity, Column::ExpiresAt)).lte(now);
    take.action_and_where(is_own.or(has_expired));
    let insert = Insert::one(row.into_active_model()).on_conflict(take);
    let result = database.write_one(&insert.into_query()).await?;
    Ok(result.rows_affected() == 1)
}

/// Gives the lease back. Does nothing if another holder has taken it.
pub async fn release_lease(database: &Database, lease: &Lease) -> Result<()> {
    let delete = Entity::delete_many()
        .filter(Column::Name.eq(lease.name))
        .filter(Column::Holder.eq(lease.holder.as_str()));
    database.write_one(&delete.into_query()).await.map(drop)
}
