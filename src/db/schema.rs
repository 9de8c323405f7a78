//! The schema version, and the migrations.

use super::Database;
use crate::error::{Error, Result};
use anyhow::Context;
use migration::{
    IntoSchemaManagerConnection, Migrator, MigratorTrait, SchemaManager, SchemaManagerConnection,
};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult};
use std::collections::BTreeSet;

/// The key of the PostgreSQL advisory lock around migrations: any fixed number.
const MIGRATION_LOCK: i64 = 0x4d54_4d00;

/// The version of the database's schema, compared with this program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// These migrations are pending.
    Behind(Vec<String>),
    /// A newer program has applied these migrations.
    Newer(Vec<String>),
    /// The tables were made by an earlier build, or by another program.
    Foreign,
}

impl Schema {
    /// Why the program cannot use the schema, and what to do.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Current => None,
            Self::Behind(pending) => Some(format!(
                "{} to apply; run: music-time-machine migrate",
                pending.join(", ")
            )),
            Self::Newer(unknown) => Some(format!(
                "the schema is newer than this program, which does not know {}; nothing was changed: use the \
                 program that has applied it, or a newer one",
                unknown.join(", ")
            )),
            Self::Foreign => Some(
                "the tables in this database were made by an earlier build of this program, or by another program, \
                 and nothing was changed: set DATABASE_URL to a new database and import your files again"
                    .into(),
            ),
        }
    }
}

impl Database {
    pub async fn schema(&self) -> Result<Schema> {
        schema((&self.token.connection()).into_database_executor()).await
    }

    /// Applies the pending migrations in one transaction, one process at a time. A schema that is newer than the
    /// program, or foreign, is an error.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if self.schema().await? == Schema::Current {
            return Ok(());
        }
        // Converted, so that `Error::is_transient` can be asked later.
        let work = self.begin().await.map_err(Error::from)?;
        lock(&work).await?;
        match schema((&work).into_database_executor()).await? {
            Schema::Current => {}
            Schema::Behind(_) => Migrator::up(&work, None)
                .await
                .map_err(Error::from)
                .context("the schema could not be brought up to date; nothing was changed")?,
            other => anyhow::bail!(other.problem().unwrap_or_default()),
        }
        work.commit().await.map_err(Error::from)?;
        Ok(())
    }
}

async fn schema(db: SchemaManagerConnection<'_>) -> Result<Schema> {
    let manager = SchemaManager::new(db);
    let known = known();
    let Some(applied) = applied(&manager).await? else {
        return Ok(match manager.has_table("tracks").await? {
            true => Schema::Foreign,
            false => Schema::Behind(known.into_iter().collect()),
        });
    };
    let difference = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>()
    };
    let pending = difference(&known, &applied);
    let unknown = difference(&applied, &known);
    Ok(match (unknown.is_empty(), pending.is_empty()) {
        (true, true) => Schema::Current,
        (true, false) => Schema::Behind(pending),
        (false, true) => Schema::Newer(unknown),
        // Another version of the one migration that may be edited until 1.0.
        (false, false) => Schema::Foreign,
    })
}

fn known() -> BTreeSet<String> {
    let migrations = Migrator::migrations();
    migrations
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}

/// The migrations that the database has; `None` if it has no table of them. Reads only.
async fn applied(manager: &SchemaManager<'_>) -> Result<Option<BTreeSet<String>>> {
    let table = Migrator::migration_table_name();
    if !manager.has_table(table.to_string()).await? {
        return Ok(None);
    }
    let versions = Query::select().column("version").from(table).to_owned();
    let rows = manager.get_connection().query_all(&versions).await?;
    let version = |row: &QueryResult| row.try_get_by_index(0);
    Ok(Some(rows.iter().map(version).collect::<Result<_, _>>()?))
}

/// A migration may take longer than the connection's deadlines.
async fn lock(work: &DatabaseTransaction) -> Result<()> {
    if work.get_database_backend() == DbBackend::Postgres {
        work.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            .await?;
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        work.execute_unprepared(&lock).await?;
    }
    Ok(())
}
