//! Tracks counted by year of release and explicit flag, by the database itself and with every
//! change: the charts need not count a million rows for each that was written.
//!
//! On PostgreSQL the counts are sums of rows that are only ever added, so no two writers wait for
//! each other; one statement in fifty folds them, unless another is at it, or the transaction would
//! fail where another has folded since it began (any but `read committed`).
//!
//! And an index of the tracks of which nothing is known.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, POSTGRES, SQLITE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, POSTGRES_DOWN, SQLITE_DOWN).await
    }
}

/// The triggers come first: they keep writers out until the count is there.
const POSTGRES: &str = r#"
CREATE TABLE release_counts (
    release_year smallint,
    explicit     boolean,
    track_count  bigint NOT NULL
);

CREATE FUNCTION release_counts_fold() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF random() < 0.02 AND current_setting('transaction_isolation') = 'read committed'
        AND pg_try_advisory_xact_lock(hashtextextended('release_counts', 0))
    THEN
        WITH gone AS (DELETE FROM release_counts RETURNING *)
        INSERT INTO release_counts
        SELECT release_year, explicit, sum(track_count) FROM gone
        GROUP BY release_year, explicit HAVING sum(track_count) <> 0;
    END IF;
END $$;

CREATE FUNCTION release_counts_insert() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO release_counts
    SELECT release_year, explicit, count(*) FROM new_tracks GROUP BY release_year, explicit;
    PERFORM release_counts_fold();
    RETURN NULL;
END $$;

CREATE FUNCTION release_counts_delete() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO release_counts
    SELECT release_year, explicit, -count(*) FROM old_tracks GROUP BY release_year, explicit;
    PERFORM release_counts_fold();
    RETURN NULL;
END $$;

CREATE FUNCTION release_counts_update() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO release_counts
    SELECT release_year, explicit, sum(more) FROM (
        SELECT release_year, explicit, 1 AS more FROM new_tracks
        UNION ALL SELECT release_year, explicit, -1 FROM old_tracks
    ) AS changes
    GROUP BY release_year, explicit HAVING sum(more) <> 0;
    PERFORM release_counts_fold();
    RETURN NULL;
END $$;

CREATE FUNCTION release_counts_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM release_counts;
    RETURN NULL;
END $$;

CREATE TRIGGER release_counts_insert AFTER INSERT ON tracks REFERENCING NEW TABLE AS new_tracks
    FOR EACH STATEMENT EXECUTE FUNCTION release_counts_insert();
CREATE TRIGGER release_counts_delete AFTER DELETE ON tracks REFERENCING OLD TABLE AS old_tracks
    FOR EACH STATEMENT EXECUTE FUNCTION release_counts_delete();
CREATE TRIGGER release_counts_update AFTER UPDATE ON tracks
    REFERENCING OLD TABLE AS old_tracks NEW TABLE AS new_tracks
    FOR EACH STATEMENT EXECUTE FUNCTION release_counts_update();
CREATE TRIGGER release_counts_truncate AFTER TRUNCATE ON tracks
    FOR EACH STATEMENT EXECUTE FUNCTION release_counts_truncate();

INSERT INTO release_counts
SELECT release_year, explicit, count(*) FROM tracks GROUP BY release_year, explicit;

-- The few of which nothing is known are found among the many.
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 200)) WHERE explicit IS NULL;
"#;

const POSTGRES_DOWN: &str = r#"
DROP INDEX tracks_unknown_idx;
DROP TRIGGER release_counts_insert ON tracks;
DROP TRIGGER release_counts_delete ON tracks;
DROP TRIGGER release_counts_update ON tracks;
DROP TRIGGER release_counts_truncate ON tracks;
DROP FUNCTION release_counts_insert();
DROP FUNCTION release_counts_delete();
DROP FUNCTION release_counts_update();
DROP FUNCTION release_counts_truncate();
DROP FUNCTION release_counts_fold();
DROP TABLE release_counts;
"#;

/// SQLite has one writer at a time: a row a group, counted up and down. `INSERT OR REPLACE` takes
/// rows away without a trigger, which a later change minds.
const SQLITE: &str = r#"
CREATE TABLE release_counts (
    release_year smallint,
    explicit     boolean,
    track_count  integer NOT NULL
);
CREATE INDEX release_counts_idx ON release_counts (release_year, explicit);

CREATE TRIGGER release_counts_insert AFTER INSERT ON tracks BEGIN
    INSERT INTO release_counts SELECT NEW.release_year, NEW.explicit, 0 WHERE NOT EXISTS (
        SELECT 1 FROM release_counts
        WHERE release_year IS NEW.release_year AND explicit IS NEW.explicit
    );
    UPDATE release_counts SET track_count = track_count + 1
    WHERE release_year IS NEW.release_year AND explicit IS NEW.explicit;
END;

CREATE TRIGGER release_counts_delete AFTER DELETE ON tracks BEGIN
    UPDATE release_counts SET track_count = track_count - 1
    WHERE release_year IS OLD.release_year AND explicit IS OLD.explicit;
END;

CREATE TRIGGER release_counts_update AFTER UPDATE ON tracks
WHEN OLD.release_year IS NOT NEW.release_year OR OLD.explicit IS NOT NEW.explicit BEGIN
    UPDATE release_counts SET track_count = track_count - 1
    WHERE release_year IS OLD.release_year AND explicit IS OLD.explicit;
    INSERT INTO release_counts SELECT NEW.release_year, NEW.explicit, 0 WHERE NOT EXISTS (
        SELECT 1 FROM release_counts
        WHERE release_year IS NEW.release_year AND explicit IS NEW.explicit
    );
    UPDATE release_counts SET track_count = track_count + 1
    WHERE release_year IS NEW.release_year AND explicit IS NEW.explicit;
END;

INSERT INTO release_counts
SELECT release_year, explicit, count(*) FROM tracks GROUP BY release_year, explicit;

-- The few of which nothing is known are found among the many.
CREATE INDEX tracks_unknown_idx ON tracks (substr(name, 1, 200)) WHERE explicit IS NULL;
"#;

const SQLITE_DOWN: &str = r#"
DROP INDEX tracks_unknown_idx;
DROP TRIGGER release_counts_insert;
DROP TRIGGER release_counts_delete;
DROP TRIGGER release_counts_update;
DROP TABLE release_counts;
"#;
