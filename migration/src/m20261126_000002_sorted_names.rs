//! Names in the order in which they are listed.
//!
//! A page is read in the order of an index, also where thousands of tracks have one name: so the
//! index knows the id too, and each year has an order of its own. Both engines compare the first
//! 500 characters of a name, which fit into a row of an index however they are written. Search goes
//! by the same index, and needs no form of the name beside it any more: the column `name_folded` goes
//! in a later release, for a program that is still serving asks for it.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, UP, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, DOWN, DOWN).await
    }
}

const UP: &str = "
DROP INDEX tracks_name_idx;
DROP INDEX tracks_unknown_idx;
DROP INDEX tracks_name_folded_idx;
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 500), track_id);
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 500), track_id) WHERE explicit IS NULL;
CREATE INDEX tracks_year_idx ON tracks (release_year, substr(name, 1, 500), track_id);
";

const DOWN: &str = "
DROP INDEX tracks_name_idx;
DROP INDEX tracks_unknown_idx;
DROP INDEX tracks_year_idx;
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 200));
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 200)) WHERE explicit IS NULL;
CREATE INDEX tracks_name_folded_idx ON tracks (name_folded);
";
