//! Many new rows by PostgreSQL's `COPY`: it costs the server about two thirds of what an `INSERT`
//! does.

use super::Database;
use super::bulk::Field;
use crate::error::Result;
use chrono::{DateTime, Utc};
use sea_orm::sqlx::{self, Connection, PgConnection};
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use std::sync::Arc;

/// Rows of one statement: triggers see them all at once.
const CHUNK: usize = 500;
/// What is sent at once, or a little more.
const PARCEL_BYTES: usize = 64 << 10;

/// What starts the binary form: a signature, no flags, no more of a head.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// In place of the number of columns: no more rows.
const END: i16 = -1;
/// In place of a length.
const NULL: i32 = -1;
/// The one version of jsonb that there is.
const JSONB: u8 = 1;
/// Seconds from 1970 to 2000, where PostgreSQL begins to count.
const YEAR_2000: i64 = 946_684_800;

impl Database {
    /// Whether it has this way at all.
    pub fn can_copy(&self) -> bool {
        self.read().get_database_backend() == DbBackend::Postgres
    }

    /// Adds rows to a table in a transaction of their own, all of them or none.
    pub async fn copy<const N: usize>(
        &self,
        (table, columns): (&str, [&str; N]),
        rows: impl Iterator<Item = [Field<'_>; N]>,
    ) -> Result<()> {
        let columns = columns.join(", ");
        let statement = format!("COPY {table} ({columns}) FROM STDIN WITH (FORMAT binary)");
        let copied = self.copy_all(&statement, rows).await;
        Ok(copied.map_err(|cause| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(cause))))?)
    }

    async fn copy_all<const N: usize>(
        &self,
        statement: &str,
        rows: impl Iterator<Item = [Field<'_>; N]>,
    ) -> sqlx::Result<()> {
        let connection = self.write.connection();
        let mut connection = connection.get_postgres_connection_pool().acquire().await?;
        let mut work = connection.begin().await?;
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            copy_chunk(&mut work, statement, rows.by_ref().take(CHUNK)).await?;
        }
        work.commit().await
    }
}

async fn copy_chunk<const N: usize>(
    work: &mut PgConnection,
    statement: &str,
    rows: impl Iterator<Item = [Field<'_>; N]>,
) -> sqlx::Result<()> {
    let mut copy = work.copy_in_raw(statement).await?;
    let mut parcel = HEAD.to_vec();
    for row in rows {
        parcel.extend((N as i16).to_be_bytes());
        row.into_iter().for_each(|field| write(&mut parcel, field));
        if parcel.len() >= PARCEL_BYTES {
            copy.send(parcel.as_slice()).await?;
            parcel.clear();
        }
    }
    parcel.extend(END.to_be_bytes());
    copy.send(parcel).await?;
    copy.finish().await?;
    Ok(())
}

/// A length in bytes, and as many bytes.
fn write(parcel: &mut Vec<u8>, field: Field) {
    let mut sized = |head: &[u8], bytes: &[u8]| {
        let length = (head.len() + bytes.len()) as i32;
        parcel.extend(length.to_be_bytes());
        parcel.extend(head);
        parcel.extend(bytes);
    };
    match field {
        Field::Text(Some(text)) => sized(&[], text.as_bytes()),
        Field::Json(Some(text)) => sized(&[JSONB], text.as_bytes()),
        Field::Integer(Some(number)) => sized(&[], &number.to_be_bytes()),
        Field::Instant(Some(instant)) => sized(&[], &micros(instant).to_be_bytes()),
        Field::Text(None) | Field::Json(None) | Field::Integer(None) | Field::Instant(None) => {
            parcel.extend(NULL.to_be_bytes());
        }
    }
}

fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros() - YEAR_2000 * 1_000_000
}
