//! On PostgreSQL the rows that make up the counts of tracks are folded when two thousand wait, too: the
//! statements of a large import add so many that fifty of them are slow to sum up.

use crate::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let due = "random() < 0.02 OR 2000 = (
        SELECT count(*) FROM (SELECT FROM release_counts LIMIT 2000) AS waiting
    )";
        execute(manager, &FOLD.replace("{due}", due), NOTHING).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, &FOLD.replace("{due}", "random() < 0.02"), NOTHING).await
    }
}

/// SQLite's counts have one row each.
const NOTHING: &str = "";

const FOLD: &str = r#"
CREATE OR REPLACE FUNCTION release_counts_fold() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF ({due}) AND current_setting('transaction_isolation') = 'read committed'
        AND pg_try_advisory_xact_lock(hashtextextended('release_counts', 0))
    THEN
        WITH gone AS (DELETE FROM release_counts RETURNING *)
        INSERT INTO release_counts
        SELECT release_year, explicit, sum(track_count) FROM gone
        GROUP BY release_year, explicit HAVING sum(track_count) <> 0;
    END IF;
END $$;
"#;
