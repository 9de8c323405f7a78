//! The schema's history, oldest change first. A change that has been released is never edited.

mod m20261122_000001_library;
mod m20261124_000001_release_counts;

pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_library::Migration),
            Box::new(m20261124_000001_release_counts::Migration),
        ]
    }
}
