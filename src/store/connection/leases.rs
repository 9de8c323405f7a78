//! Leases: a named piece of work that one process does at a time.

use crate::db::Database;
use crate::error::Result;
use crate::secrets::random;
use chrono::{DateTime, TimeDelta, Utc};
use entity::lease::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter, QueryTrait,
};

/// The work, how long it is held, and the name under which this holder takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    name: &'static str,
    period: TimeDelta,
    holder: String,
}

impl Lease {
    /// A new holder. It holds nothing yet.
    pub fn of(name: &'static str, period: TimeDelta) -> Self {
        Self {
            name,
            period,
            holder: random().expose().to_owned(),
        }
    }

    /// No holder whose clock is right has a later end. The clocks of two processes may differ by a period.
    fn latest_end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.period * 2
    }
}

/// Takes the lease if it is free or has expired, and renews it if this holder has it. Returns whether it has it now.
pub async fn acquire_lease(database: &Database, lease: &Lease, now: DateTime<Utc>) -> Result<bool> {
    let row = Model {
        name: lease.name.to_owned(),
        holder: lease.holder.clone(),
        expires_at: now + lease.period,
    };
    let mut take = OnConflict::column(Column::Name);
    take.update_columns([Column::Holder, Column::ExpiresAt]);
    let is_own = Expr::col((Entity, Column::Holder)).eq(lease.holder.as_str());
    let expires_at = || Expr::col((Entity, Column::ExpiresAt));
    let is_void = expires_at()
        .lte(now)
        .or(expires_at().gt(lease.latest_end(now)));
    take.action_and_where(is_own.or(is_void));
    let insert = Insert::one(row.into_active_model()).on_conflict(take);
    let result = database.write_one(&insert.into_query()).await?;
    Ok(result.rows_affected() == 1)
}

/// Whether any holder has this lease.
pub async fn is_held(db: &impl ConnectionTrait, lease: &Lease, now: DateTime<Utc>) -> Result<bool> {
    let held = Entity::find_by_id(lease.name).one(db).await?;
    Ok(held.is_some_and(|held| held.expires_at > now && held.expires_at <= lease.latest_end(now)))
}

/// Gives the lease back. Does nothing if another holder has taken it.
pub async fn release_lease(database: &Database, lease: &Lease) -> Result<()> {
    let delete = Entity::delete_many()
        .filter(Column::Name.eq(lease.name))
        .filter(Column::Holder.eq(lease.holder.as_str()));
    database.write_one(&delete.into_query()).await.map(drop)
}
