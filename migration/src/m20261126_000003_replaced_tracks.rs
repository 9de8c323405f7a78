//! `INSERT OR REPLACE` takes a row away and tells no trigger of it. On SQLite the counts of tracks
//! now mind that: before a row comes, the one that has its place is noted; when the row has come,
//! that one is counted as gone. An upsert changes the row and inserts none: its note is left lying
//! until the next row comes, or this one goes.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, NOTHING, SQLITE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, NOTHING, SQLITE_DOWN).await
    }
}

/// PostgreSQL has no such statement.
const NOTHING: &str = "";

/// The counts begin anew: they may be wrong already.
const SQLITE: &str = r#"
CREATE TABLE replaced_tracks (
    track_id     text NOT NULL,
    release_year smallint,
    explicit     boolean
);

CREATE TRIGGER release_counts_before_insert BEFORE INSERT ON tracks
WHEN EXISTS (SELECT 1 FROM replaced_tracks)
    OR EXISTS (SELECT 1 FROM tracks WHERE track_id = NEW.track_id) BEGIN
    DELETE FROM replaced_tracks;
    INSERT INTO replaced_tracks
    SELECT track_id, release_year, explicit FROM tracks WHERE track_id = NEW.track_id;
END;

CREATE TRIGGER release_counts_before_move BEFORE UPDATE OF track_id ON tracks
WHEN OLD.track_id <> NEW.track_id BEGIN
    DELETE FROM replaced_tracks;
    INSERT INTO replaced_tracks
    SELECT track_id, release_year, explicit FROM tracks WHERE track_id = NEW.track_id;
END;

CREATE TRIGGER release_counts_replace AFTER INSERT ON tracks
WHEN EXISTS (SELECT 1 FROM replaced_tracks WHERE track_id = NEW.track_id) BEGIN
    UPDATE release_counts SET track_count = track_count - 1
    WHERE release_year IS (SELECT release_year FROM replaced_tracks)
        AND explicit IS (SELECT explicit FROM replaced_tracks);
    DELETE FROM replaced_tracks;
END;

CREATE TRIGGER release_counts_move AFTER UPDATE OF track_id ON tracks
WHEN OLD.track_id <> NEW.track_id
    AND EXISTS (SELECT 1 FROM replaced_tracks WHERE track_id = NEW.track_id) BEGIN
    UPDATE release_counts SET track_count = track_count - 1
    WHERE release_year IS (SELECT release_year FROM replaced_tracks)
        AND explicit IS (SELECT explicit FROM replaced_tracks);
    DELETE FROM replaced_tracks;
END;

CREATE TRIGGER release_counts_forget AFTER DELETE ON tracks
WHEN EXISTS (SELECT 1 FROM replaced_tracks WHERE track_id = OLD.track_id) BEGIN
    DELETE FROM replaced_tracks;
END;

DELETE FROM release_counts;
INSERT INTO release_counts
SELECT release_year, explicit, count(*) FROM tracks GROUP BY release_year, explicit;
"#;

const SQLITE_DOWN: &str = r#"
DROP TRIGGER release_counts_before_insert;
DROP TRIGGER release_counts_before_move;
DROP TRIGGER release_counts_replace;
DROP TRIGGER release_counts_move;
DROP TRIGGER release_counts_forget;
DROP TABLE replaced_tracks;
"#;
