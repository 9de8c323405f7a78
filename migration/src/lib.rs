//! The schema's history, oldest change first. A change that has been released is never edited.

mod m20261122_000001_library;
mod m20261124_000001_release_counts;
mod m20261126_000001_list_changes;
mod m20261126_000002_sorted_names;
mod m20261126_000003_replaced_tracks;
mod m20261126_000004_many_counts;

pub use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_library::Migration),
            Box::new(m20261124_000001_release_counts::Migration),
            Box::new(m20261126_000001_list_changes::Migration),
            Box::new(m20261126_000002_sorted_names::Migration),
            Box::new(m20261126_000003_replaced_tracks::Migration),
            Box::new(m20261126_000004_many_counts::Migration),
        ]
    }
}

/// Executes the statements that the engine understands.
async fn execute(manager: &SchemaManager<'_>, postgres: &str, sqlite: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => postgres,
        _ => sqlite,
    };
    let connection = manager.get_connection();
    connection.execute_unprepared(statements).await.map(drop)
}
