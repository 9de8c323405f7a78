//! Tracks, snapshots, and the ledger of captures.
//!
//! The seed's two tables keep their columns, so its INSERT statements work unchanged. What is drawn
//! from the payload stands before it: a scan then never steps over the wide column.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = POSTGRES
            .replace("{release_year}", POSTGRES_RELEASE_YEAR)
            .replace("{explicit}", POSTGRES_EXPLICIT);
        let sqlite = SQLITE
            .replace("{release_year}", SQLITE_RELEASE_YEAR)
            .replace("{explicit}", SQLITE_EXPLICIT);
        execute(manager, &postgres, &sqlite).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, DOWN, DOWN).await
    }
}

const DOWN: &str = "DROP TABLE captures; DROP TABLE snapshots; DROP TABLE tracks;";

// What `entity::payload` rendered on the day of this migration.
const POSTGRES_RELEASE_YEAR: &str = r#"(CASE WHEN (jsonb_typeof(("raw_json" -> 'album') -> 'release_date') = 'string' AND ((("raw_json" -> 'album') ->> 'release_date') ~ '^[12][0-9]{3}(-|$)')) THEN CAST(left(("raw_json" -> 'album') ->> 'release_date', 4) AS smallint) END)"#;
const POSTGRES_EXPLICIT: &str = r#"(CASE WHEN (jsonb_typeof("raw_json" -> 'explicit') = 'boolean') THEN CAST(("raw_json" ->> 'explicit') AS boolean) END)"#;
const SQLITE_RELEASE_YEAR: &str = r#"(CASE WHEN (json_type("raw_json", '$.album.release_date') = 'text' AND (((("raw_json" -> 'album') ->> 'release_date') GLOB '[12][0-9][0-9][0-9]') OR ((("raw_json" -> 'album') ->> 'release_date') GLOB '[12][0-9][0-9][0-9]-*'))) THEN CAST(substr(("raw_json" -> 'album') ->> 'release_date', 1, 4) AS smallint) END)"#;
const SQLITE_EXPLICIT: &str = r#"(CASE WHEN (json_type("raw_json", '$.explicit') = 'true') THEN 1 WHEN (json_type("raw_json", '$.explicit') = 'false') THEN 0 END)"#;

/// `rank` is in no index: it is the only column that upserts change, and unindexed they stay HOT.
/// Names are indexed by their beginning: a whole one may be longer than an index row can be.
const POSTGRES: &str = r#"
CREATE TABLE tracks (
    track_id     varchar(64) COLLATE "C" PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    artist_name  text COLLATE "C" NOT NULL,
    album_name   text COLLATE "C",
    duration_ms  integer,
    spotify_url  text COLLATE "C",
    payload_at   timestamptz,
    name_folded  text COLLATE "C",
    release_year smallint GENERATED ALWAYS AS {release_year} STORED,
    explicit     boolean GENERATED ALWAYS AS {explicit} STORED,
    raw_json     jsonb
);
DO $$ BEGIN
    ALTER TABLE tracks ALTER COLUMN raw_json SET COMPRESSION lz4;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'this server has no lz4: payloads are compressed with pglz';
END $$;
CREATE INDEX tracks_facet_idx ON tracks (release_year, explicit);
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 200));
CREATE INDEX tracks_name_folded_idx ON tracks (name_folded);

CREATE TABLE snapshots (
    track_id      varchar(64) COLLATE "C" NOT NULL REFERENCES tracks ON DELETE CASCADE,
    snapshot_date date NOT NULL,
    time_range    varchar(32) COLLATE "C" NOT NULL
                  CHECK (time_range IN ('short_term', 'medium_term', 'long_term')),
    rank          integer NOT NULL CHECK (rank > 0),
    PRIMARY KEY (track_id, snapshot_date, time_range)
) WITH (fillfactor = 90);
CREATE INDEX snapshots_list_idx ON snapshots (snapshot_date, time_range);

CREATE TABLE captures (
    snapshot_date date NOT NULL,
    time_range    varchar(32) COLLATE "C" NOT NULL
                  CHECK (time_range IN ('short_term', 'medium_term', 'long_term')),
    captured_at   timestamptz NOT NULL,
    source        text COLLATE "C" NOT NULL,
    outcome       varchar(16) COLLATE "C" NOT NULL
                  CHECK (outcome IN ('captured', 'unchanged', 'empty', 'degraded', 'failed')),
    reason        text COLLATE "C",
    track_count   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (snapshot_date, time_range, captured_at, source)
);
"#;

/// `rank` is in the index: SQLite has no HOT updates to lose, and a whole list is read from it alone.
const SQLITE: &str = r#"
CREATE TABLE tracks (
    track_id     text PRIMARY KEY NOT NULL CHECK (length(track_id) <= 64),
    name         text NOT NULL,
    artist_name  text NOT NULL,
    album_name   text,
    duration_ms  integer,
    spotify_url  text,
    payload_at   text,
    name_folded  text,
    release_year smallint GENERATED ALWAYS AS {release_year} STORED,
    explicit     boolean GENERATED ALWAYS AS {explicit} STORED,
    raw_json     text CHECK (raw_json IS NULL OR json_valid(raw_json))
);
CREATE INDEX tracks_facet_idx ON tracks (release_year, explicit);
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 200));
CREATE INDEX tracks_name_folded_idx ON tracks (name_folded);

CREATE TABLE snapshots (
    track_id      text NOT NULL REFERENCES tracks ON DELETE CASCADE,
    snapshot_date text NOT NULL CHECK (snapshot_date IS date(snapshot_date)),
    time_range    text NOT NULL
                  CHECK (time_range IN ('short_term', 'medium_term', 'long_term')),
    rank          integer NOT NULL CHECK (typeof(rank) = 'integer' AND rank > 0),
    PRIMARY KEY (track_id, snapshot_date, time_range)
) WITHOUT ROWID;
CREATE INDEX snapshots_list_idx ON snapshots (snapshot_date, time_range, rank);

CREATE TABLE captures (
    snapshot_date text NOT NULL CHECK (snapshot_date IS date(snapshot_date)),
    time_range    text NOT NULL
                  CHECK (time_range IN ('short_term', 'medium_term', 'long_term')),
    captured_at   text NOT NULL,
    source        text NOT NULL,
    outcome       text NOT NULL
                  CHECK (outcome IN ('captured', 'unchanged', 'empty', 'degraded', 'failed')),
    reason        text,
    track_count   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (snapshot_date, time_range, captured_at, source)
) WITHOUT ROWID;
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::DbBackend;
    use sea_orm::sea_query::{PostgresQueryBuilder, Query, SimpleExpr, SqliteQueryBuilder};

    #[test]
    fn the_frozen_sql_is_what_the_expressions_render() {
        let select = |expression: SimpleExpr| Query::select().expr(expression).to_owned();
        let postgres = |expression| select(expression).to_string(PostgresQueryBuilder);
        let sqlite = |expression| select(expression).to_string(SqliteQueryBuilder);
        let year = entity::payload::release_year;
        let explicit = entity::payload::explicit;

        let rendered = [
            postgres(year(DbBackend::Postgres)),
            postgres(explicit(DbBackend::Postgres)),
            sqlite(year(DbBackend::Sqlite)),
            sqlite(explicit(DbBackend::Sqlite)),
        ];

        let frozen = [
            POSTGRES_RELEASE_YEAR,
            POSTGRES_EXPLICIT,
            SQLITE_RELEASE_YEAR,
            SQLITE_EXPLICIT,
        ];
        assert_eq!(rendered, frozen.map(|sql| format!("SELECT {sql}")));
    }
}
