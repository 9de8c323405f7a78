//! Which lists have changed, noted by the database itself and with every change: who knows the
//! others need not read them again.
//!
//! On PostgreSQL each transaction notes its own number beside the lists that it touched. A
//! snapshot of the server tells whose work it sees, so whoever has kept one finds what came later,
//! whatever the order of the commits. Notes are only added, so no two writers wait for each other,
//! and each takes away the older ones of its lists, unless another is at it, or the transaction would
//! fail where another has (any isolation but `read committed`). A note without a list means all of
//! them.
//!
//! SQLite has one writer at a time: there each change of a list gives it a number above all others.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let triggers = SQLITE_TRIGGERS.map(|(name, event, row)| {
            SQLITE_TRIGGER
                .replace("{name}", name)
                .replace("{event}", event)
                .replace("{row}", row)
        });
        execute(manager, POSTGRES, &(SQLITE.to_owned() + &triggers.concat())).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, POSTGRES_DOWN, SQLITE_DOWN).await
    }
}

const POSTGRES: &str = r#"
CREATE TABLE list_changes (
    snapshot_date date,
    time_range    varchar(32) COLLATE "C",
    changed_by    xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX list_changes_idx ON list_changes (changed_by);
CREATE INDEX list_changes_list_idx ON list_changes (snapshot_date, time_range);

CREATE FUNCTION list_changes_note() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO list_changes (snapshot_date, time_range)
    SELECT DISTINCT snapshot_date, time_range FROM changed;
    IF FOUND AND current_setting('transaction_isolation') = 'read committed' THEN
        DELETE FROM list_changes WHERE ctid = ANY (ARRAY(
            SELECT older.ctid FROM list_changes AS older
            WHERE (older.snapshot_date, older.time_range)
                IN (SELECT snapshot_date, time_range FROM changed)
                AND older.changed_by <> pg_current_xact_id()
            FOR UPDATE SKIP LOCKED
        ));
    END IF;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO list_changes (snapshot_date, time_range)
        SELECT snapshot_date, time_range FROM left_behind
        EXCEPT SELECT snapshot_date, time_range FROM changed;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION list_changes_note_all() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO list_changes DEFAULT VALUES;
    RETURN NULL;
END $$;

-- Who may write the tables may do so without a right to what their triggers keep, and where a
-- publication has all tables.
ALTER FUNCTION release_counts_fold() SECURITY DEFINER;
ALTER FUNCTION release_counts_insert() SECURITY DEFINER;
ALTER FUNCTION release_counts_update() SECURITY DEFINER;
ALTER FUNCTION release_counts_delete() SECURITY DEFINER;
ALTER FUNCTION release_counts_truncate() SECURITY DEFINER;
ALTER TABLE release_counts REPLICA IDENTITY FULL;
ALTER TABLE list_changes REPLICA IDENTITY FULL;

CREATE TRIGGER list_changes_insert AFTER INSERT ON snapshots REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION list_changes_note();
CREATE TRIGGER list_changes_update AFTER UPDATE ON snapshots
    REFERENCING NEW TABLE AS changed OLD TABLE AS left_behind
    FOR EACH STATEMENT EXECUTE FUNCTION list_changes_note();
CREATE TRIGGER list_changes_delete AFTER DELETE ON snapshots REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION list_changes_note();
CREATE TRIGGER list_changes_truncate AFTER TRUNCATE ON snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION list_changes_note_all();
"#;

const POSTGRES_DOWN: &str = r#"
DROP TRIGGER list_changes_insert ON snapshots;
DROP TRIGGER list_changes_update ON snapshots;
DROP TRIGGER list_changes_delete ON snapshots;
DROP TRIGGER list_changes_truncate ON snapshots;
DROP FUNCTION list_changes_note();
DROP FUNCTION list_changes_note_all();
DROP TABLE list_changes;
"#;

const SQLITE: &str = r#"
CREATE TABLE list_changes (
    snapshot_date text NOT NULL,
    time_range    text NOT NULL,
    number        integer NOT NULL,
    PRIMARY KEY (snapshot_date, time_range)
) WITHOUT ROWID;
CREATE INDEX list_changes_idx ON list_changes (number);
"#;

/// Name, event, and the row whose list has changed.
const SQLITE_TRIGGERS: [(&str, &str, &str); 4] = [
    ("insert", "INSERT", "NEW"),
    ("update", "UPDATE", "NEW"),
    ("moved", "UPDATE OF snapshot_date, time_range", "OLD"),
    ("delete", "DELETE", "OLD"),
];

const SQLITE_TRIGGER: &str = r#"
CREATE TRIGGER list_changes_{name} AFTER {event} ON snapshots BEGIN
    INSERT INTO list_changes SELECT {row}.snapshot_date, {row}.time_range, 0 WHERE NOT EXISTS (
        SELECT 1 FROM list_changes
        WHERE snapshot_date = {row}.snapshot_date AND time_range = {row}.time_range
    );
    UPDATE list_changes SET number = (SELECT max(number) + 1 FROM list_changes)
    WHERE snapshot_date = {row}.snapshot_date AND time_range = {row}.time_range;
END;
"#;

const SQLITE_DOWN: &str = r#"
DROP TRIGGER list_changes_insert;
DROP TRIGGER list_changes_update;
DROP TRIGGER list_changes_moved;
DROP TRIGGER list_changes_delete;
DROP TABLE list_changes;
"#;
