//! The schema's history. Until 1.0 there is one migration, which may be edited; from 1.0 on a released
//! migration is never edited.

mod m20261127_000001_library;

pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    /// A name of our own: the database may hold another program's migrations too.
    fn migration_table_name() -> DynIden {
        "music_time_machine_migrations".into_iden()
    }

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261127_000001_library::Migration::default())]
    }
}
