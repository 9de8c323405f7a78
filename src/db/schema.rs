//! The schema: which changes of it the database has, and applying those that are missing.

use super::Database;
use crate::error::{Error, Result};
use anyhow::Context;
use migration::{
    IntoSchemaManagerConnection, Migrator, MigratorTrait, SchemaManager, SchemaManagerConnection,
};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult};
use std::collections::HashSet;

/// Any fixed number: whoever holds this PostgreSQL lock may change the schema.
const MIGRATION_LOCK: i64 = 0x4d54_4d00;

/// The database's schema, as this program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// These changes are still to be applied.
    Behind(Vec<String>),
    /// A newer program has applied these, of which this one knows nothing.
    Newer(Vec<String>),
}

impl Database {
    pub async fn schema(&self) -> Result<Schema> {
        schema((&self.watch.connection()).into_database_executor()).await
    }

    /// Applies what is missing of the schema, all of it or nothing, one process at a time.
    ///
    /// A schema that is newer than the program is left alone, and an error.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        if self.schema().await? == Schema::Current {
            return Ok(());
        }
        // As the program's own error, which knows whether waiting may help.
        let work = self.begin().await.map_err(Error::from)?;
        wait_for_turn(&work).await?;
        match schema((&work).into_database_executor()).await? {
            Schema::Current => {}
            Schema::Behind(_) => Migrator::up(&work, None)
                .await
                .map_err(Error::from)
                .context("the schema could not be brought up to date; nothing was changed")?,
            Schema::Newer(changes) => anyhow::bail!(newer(&changes)),
        }
        work.commit().await.map_err(Error::from)?;
        Ok(())
    }
}

pub fn newer(changes: &[String]) -> String {
    format!(
        "the schema is newer than this program, which does not know {}; nothing was changed: use \
         the program that has applied it, or a newer one",
        changes.join(", ")
    )
}

async fn schema(db: SchemaManagerConnection<'_>) -> Result<Schema> {
    let applied = applied(db).await?;
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|change| change.name().to_owned())
        .collect();
    let mut unknown: Vec<String> = applied
        .iter()
        .filter(|change| !known.contains(change))
        .cloned()
        .collect();
    unknown.sort();
    let missing: Vec<String> = known
        .into_iter()
        .filter(|change| !applied.contains(change))
        .collect();
    Ok(match (unknown.is_empty(), missing.is_empty()) {
        (false, _) => Schema::Newer(unknown),
        (true, false) => Schema::Behind(missing),
        (true, true) => Schema::Current,
    })
}

/// The changes that the database knows of: nothing is written to find out.
async fn applied(db: SchemaManagerConnection<'_>) -> Result<HashSet<String>> {
    let manager = SchemaManager::new(db);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(HashSet::new());
    }
    let versions = Query::select()
        .column("version")
        .from("seaql_migrations")
        .to_owned();
    let rows = manager.get_connection().query_all(&versions).await?;
    let version = |row: &QueryResult| row.try_get_by_index(0);
    Ok(rows.iter().map(version).collect::<Result<_, _>>()?)
}

/// A change of the schema may take its time, whatever the deadlines of the connection.
async fn wait_for_turn(work: &DatabaseTransaction) -> Result<()> {
    if work.get_database_backend() == DbBackend::Postgres {
        work.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            .await?;
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        work.execute_unprepared(&lock).await?;
    }
    Ok(())
}
