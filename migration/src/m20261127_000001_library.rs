//! Tracks, snapshots, the ledger of captures, the connection to the provider, and what lets the owner in.
//!
//! The two tables of the book keep their columns, so its INSERT statements work unchanged. The generated
//! columns stand before the payload, so that a scan does not have to step over the wide column.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The name ends with a hash of the SQL: a database that an edited version of this migration made is
/// recognized, and refused.
pub struct Migration {
    name: String,
}

impl Default for Migration {
    fn default() -> Self {
        let hash = fnv1a(&(postgres() + &sqlite()));
        Self {
            name: format!("m20261127_000001_library_{hash:08x}"),
        }
    }
}

impl MigrationName for Migration {
    fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => postgres(),
            _ => sqlite(),
        };
        let connection = manager.get_connection();
        connection.execute_unprepared(&statements).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(DOWN).await.map(drop)
    }
}

/// The FNV-1a hash: the same in every build.
fn fnv1a(text: &str) -> u32 {
    let step = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}

fn postgres() -> String {
    POSTGRES
        .replace("{release_year}", POSTGRES_RELEASE_YEAR)
        .replace("{explicit}", POSTGRES_EXPLICIT)
        .replace("{artist_id}", POSTGRES_ARTIST_ID)
}

fn sqlite() -> String {
    SQLITE
        .replace("{release_year}", SQLITE_RELEASE_YEAR)
        .replace("{explicit}", SQLITE_EXPLICIT)
        .replace("{artist_id}", SQLITE_ARTIST_ID)
}

const DOWN: &str =
    "DROP TABLE log_entries; DROP TABLE set_up_tokens; DROP TABLE api_tokens; DROP TABLE sessions;
    DROP TABLE owners;
    DROP TABLE notices; DROP TABLE leases; DROP TABLE authorizations; DROP TABLE pauses;
    DROP TABLE connections;
    DROP TABLE captures; DROP TABLE snapshots; DROP TABLE tracks;";

// The SQL that `entity::payload` rendered on the day of this migration.
const POSTGRES_RELEASE_YEAR: &str = r#"(CASE WHEN (jsonb_typeof(("raw_json" -> 'album') -> 'release_date') = 'string' AND ((("raw_json" -> 'album') ->> 'release_date') ~ '^[12][0-9]{3}(-|$)')) THEN CAST(left(("raw_json" -> 'album') ->> 'release_date', 4) AS smallint) END)"#;
const POSTGRES_EXPLICIT: &str = r#"(CASE WHEN (jsonb_typeof("raw_json" -> 'explicit') = 'boolean') THEN CAST(("raw_json" ->> 'explicit') AS boolean) END)"#;
const POSTGRES_ARTIST_ID: &str = r#"(CASE WHEN (jsonb_typeof((("raw_json" -> 'artists') -> 0) -> 'id') = 'string' AND (((("raw_json" -> 'artists') -> 0) ->> 'id') ~ '^[0-9A-Za-z_-]{1,64}$')) THEN (("raw_json" -> 'artists') -> 0) ->> 'id' END)"#;
const SQLITE_RELEASE_YEAR: &str = r#"(CASE WHEN (json_type("raw_json", '$.album.release_date') = 'text' AND (((("raw_json" -> 'album') ->> 'release_date') GLOB '[12][0-9][0-9][0-9]') OR ((("raw_json" -> 'album') ->> 'release_date') GLOB '[12][0-9][0-9][0-9]-*'))) THEN CAST(substr(("raw_json" -> 'album') ->> 'release_date', 1, 4) AS smallint) END)"#;
const SQLITE_EXPLICIT: &str = r#"(CASE WHEN (json_type("raw_json", '$.explicit') = 'true') THEN 1 WHEN (json_type("raw_json", '$.explicit') = 'false') THEN 0 END)"#;
const SQLITE_ARTIST_ID: &str = r#"(CASE WHEN (json_type("raw_json", '$.artists[0].id') = 'text' AND ((LENGTH((("raw_json" -> 'artists') -> 0) ->> 'id') BETWEEN 1 AND 64) AND (NOT (((("raw_json" -> 'artists') -> 0) ->> 'id') GLOB '*[^0-9A-Za-z_-]*')))) THEN (("raw_json" -> 'artists') -> 0) ->> 'id' END)"#;

/// Tracks are sorted by the first 500 characters of their names, because a row of a B-tree has a size limit.
///
/// The charts are an index-only scan of `tracks_release_idx`. It stays index-only while VACUUM keeps the
/// visibility map of `tracks` up to date, so autovacuum runs after 1 % of the rows have changed (default: 20 %),
/// and always cleans the indexes: without that, VACUUM skips pages with few dead rows and leaves them unmarked.
///
/// `rank` is in no index: it is the only column that an upsert of a snapshot changes, so the update is HOT.
const POSTGRES: &str = r#"
CREATE TABLE tracks (
    track_id     varchar(64) COLLATE "C" PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    artist_name  text COLLATE "C" NOT NULL,
    album_name   text COLLATE "C",
    duration_ms  integer,
    spotify_url  text COLLATE "C",
    payload_at   timestamptz,
    release_year smallint GENERATED ALWAYS AS {release_year} STORED,
    explicit     boolean GENERATED ALWAYS AS {explicit} STORED,
    artist_id    text COLLATE "C" GENERATED ALWAYS AS {artist_id} STORED,
    raw_json     jsonb
) WITH (
    fillfactor = 90,
    vacuum_index_cleanup = on,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_insert_scale_factor = 0.01
);
DO $$ BEGIN
    ALTER TABLE tracks ALTER COLUMN raw_json SET COMPRESSION lz4;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'this server has no lz4: payloads are compressed with pglz';
END $$;
CREATE INDEX tracks_release_idx ON tracks (release_year, explicit);
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 500), track_id);
CREATE INDEX tracks_year_idx ON tracks (release_year, substr(name, 1, 500), track_id);
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 500), track_id) WHERE explicit IS NULL;
CREATE INDEX tracks_artist_id_idx ON tracks (artist_id);
CREATE INDEX tracks_artist_name_idx ON tracks (substr(artist_name, 1, 500));

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
    attempt_count integer NOT NULL DEFAULT 1,
    last_attempt_at timestamptz,
    PRIMARY KEY (snapshot_date, time_range, captured_at, source)
);

CREATE TABLE connections (
    connection_id smallint PRIMARY KEY NOT NULL DEFAULT 1 CHECK (connection_id = 1),
    client_id     text COLLATE "C" NOT NULL,
    account_id    text COLLATE "C" NOT NULL,
    account_name  text COLLATE "C" NOT NULL,
    authorized_at timestamptz NOT NULL,
    access_token  text COLLATE "C",
    access_token_expires_at timestamptz,
    refresh_token text COLLATE "C",
    state         varchar(16) COLLATE "C" NOT NULL DEFAULT 'connected'
                  CHECK (state IN ('connected', 'consent_ended', 'refused')),
    reason        text COLLATE "C",
    invalid_grant_at timestamptz,
    last_answer_at timestamptz
);

CREATE TABLE pauses (
    provider   varchar(16) COLLATE "C" PRIMARY KEY NOT NULL,
    not_before timestamptz NOT NULL
);

CREATE TABLE authorizations (
    state_hash    varchar(64) COLLATE "C" PRIMARY KEY NOT NULL,
    browser_hash  varchar(64) COLLATE "C" NOT NULL,
    client_id     text COLLATE "C" NOT NULL,
    redirect_uri  text COLLATE "C" NOT NULL,
    verifier      text COLLATE "C" NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE TABLE leases (
    name          varchar(64) COLLATE "C" PRIMARY KEY NOT NULL,
    holder        text COLLATE "C" NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE TABLE notices (
    event         varchar(32) COLLATE "C" NOT NULL,
    subject       text COLLATE "C" NOT NULL,
    sent_at       timestamptz NOT NULL,
    PRIMARY KEY (event, subject)
);

CREATE TABLE owners (
    owner_id      smallint PRIMARY KEY NOT NULL DEFAULT 1 CHECK (owner_id = 1),
    password_hash text COLLATE "C" NOT NULL,
    password_set_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    session_id    varchar(32) COLLATE "C" PRIMARY KEY NOT NULL,
    secret_hash   varchar(64) COLLATE "C" NOT NULL UNIQUE,
    user_agent    text COLLATE "C" NOT NULL,
    address       text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL
);

CREATE TABLE api_tokens (
    token_id      varchar(32) COLLATE "C" PRIMARY KEY NOT NULL,
    secret_hash   varchar(64) COLLATE "C" NOT NULL UNIQUE,
    name          text COLLATE "C" NOT NULL,
    scopes        text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz,
    last_used_at  timestamptz
);

CREATE TABLE set_up_tokens (
    secret_hash   varchar(64) COLLATE "C" PRIMARY KEY NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE TABLE log_entries (
    entry_id      bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    at            timestamptz NOT NULL,
    event         varchar(32) COLLATE "C" NOT NULL,
    detail        text COLLATE "C" NOT NULL,
    address       text COLLATE "C" NOT NULL
);
"#;

/// `rank` is in the index, so that a whole list is read from the index alone. A search reads all names from
/// `tracks_names_idx` alone: the table has the payloads between them, which PostgreSQL stores elsewhere.
const SQLITE: &str = r#"
CREATE TABLE tracks (
    track_id     text PRIMARY KEY NOT NULL CHECK (length(track_id) <= 64),
    name         text NOT NULL,
    artist_name  text NOT NULL,
    album_name   text,
    duration_ms  integer,
    spotify_url  text,
    payload_at   text,
    release_year smallint GENERATED ALWAYS AS {release_year} STORED,
    explicit     boolean GENERATED ALWAYS AS {explicit} STORED,
    artist_id    text GENERATED ALWAYS AS {artist_id} STORED,
    raw_json     text CHECK (raw_json IS NULL OR json_valid(raw_json))
);
CREATE INDEX tracks_release_idx ON tracks (release_year, explicit);
CREATE INDEX tracks_name_idx ON tracks (substr(name, 1, 500), track_id);
CREATE INDEX tracks_year_idx ON tracks (release_year, substr(name, 1, 500), track_id);
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 500), track_id) WHERE explicit IS NULL;
CREATE INDEX tracks_artist_id_idx ON tracks (artist_id);
CREATE INDEX tracks_artist_name_idx ON tracks (substr(artist_name, 1, 500));

CREATE INDEX tracks_names_idx ON tracks (track_id, name, artist_name, album_name);

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
    attempt_count integer NOT NULL DEFAULT 1,
    last_attempt_at text,
    PRIMARY KEY (snapshot_date, time_range, captured_at, source)
) WITHOUT ROWID;

CREATE TABLE connections (
    connection_id smallint PRIMARY KEY NOT NULL DEFAULT 1 CHECK (connection_id = 1),
    client_id     text NOT NULL,
    account_id    text NOT NULL,
    account_name  text NOT NULL,
    authorized_at text NOT NULL,
    access_token  text,
    access_token_expires_at text,
    refresh_token text,
    state         text NOT NULL DEFAULT 'connected'
                  CHECK (state IN ('connected', 'consent_ended', 'refused')),
    reason        text,
    invalid_grant_at text,
    last_answer_at text
);

CREATE TABLE pauses (
    provider   text PRIMARY KEY NOT NULL,
    not_before text NOT NULL
);

CREATE TABLE authorizations (
    state_hash    text PRIMARY KEY NOT NULL,
    browser_hash  text NOT NULL,
    client_id     text NOT NULL,
    redirect_uri  text NOT NULL,
    verifier      text NOT NULL,
    expires_at    text NOT NULL
);

CREATE TABLE leases (
    name          text PRIMARY KEY NOT NULL,
    holder        text NOT NULL,
    expires_at    text NOT NULL
);

CREATE TABLE notices (
    event         text NOT NULL,
    subject       text NOT NULL,
    sent_at       text NOT NULL,
    PRIMARY KEY (event, subject)
);

CREATE TABLE owners (
    owner_id      smallint PRIMARY KEY NOT NULL DEFAULT 1 CHECK (owner_id = 1),
    password_hash text NOT NULL,
    password_set_at text NOT NULL
);

CREATE TABLE sessions (
    session_id    text PRIMARY KEY NOT NULL,
    secret_hash   text NOT NULL UNIQUE,
    user_agent    text NOT NULL,
    address       text NOT NULL,
    created_at    text NOT NULL,
    last_seen_at  text NOT NULL
);

CREATE TABLE api_tokens (
    token_id      text PRIMARY KEY NOT NULL,
    secret_hash   text NOT NULL UNIQUE,
    name          text NOT NULL,
    scopes        text NOT NULL,
    created_at    text NOT NULL,
    expires_at    text,
    last_used_at  text
);

CREATE TABLE set_up_tokens (
    secret_hash   text PRIMARY KEY NOT NULL,
    expires_at    text NOT NULL
);

CREATE TABLE log_entries (
    entry_id      integer PRIMARY KEY AUTOINCREMENT,
    at            text NOT NULL,
    event         text NOT NULL,
    detail        text NOT NULL,
    address       text NOT NULL
);
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
        let artist_id = entity::payload::artist_id;

        let rendered = [
            postgres(year(DbBackend::Postgres)),
            postgres(explicit(DbBackend::Postgres)),
            postgres(artist_id(DbBackend::Postgres)),
            sqlite(year(DbBackend::Sqlite)),
            sqlite(explicit(DbBackend::Sqlite)),
            sqlite(artist_id(DbBackend::Sqlite)),
        ];

        let frozen = [
            POSTGRES_RELEASE_YEAR,
            POSTGRES_EXPLICIT,
            POSTGRES_ARTIST_ID,
            SQLITE_RELEASE_YEAR,
            SQLITE_EXPLICIT,
            SQLITE_ARTIST_ID,
        ];
        assert_eq!(rendered, frozen.map(|sql| format!("SELECT {sql}")));
    }
}
