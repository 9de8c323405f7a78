//! Many new rows by PostgreSQL's `COPY`: it costs the server about two thirds of what an `INSERT`
//! does.

use super::Database;
use super::bulk::Kind;
use crate::error::Result;
use chrono::{DateTime, Utc};
use sea_orm::sqlx::{self, Connection};
use sea_orm::{DbBackend, DbErr, RuntimeErr, Value};
use std::sync::Arc;

/// Rows of one statement: triggers see them all at once.
const CHUNK: usize = 500;

/// What starts the binary form: a signature, no flags, no more of a head.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// In place of the number of columns: no more rows.
const END: i16 = -1;
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
        kinds: [Kind; N],
        rows: impl Iterator<Item = [Value; N]>,
    ) -> Result<()> {
        let columns = columns.join(", ");
        let statement = format!("COPY {table} ({columns}) FROM STDIN WITH (FORMAT binary)");
        let copied = self.copy_all(&statement, kinds, rows).await;
        Ok(copied.map_err(|cause| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(cause))))?)
    }

    async fn copy_all<const N: usize>(
        &self,
        statement: &str,
        kinds: [Kind; N],
        rows: impl Iterator<Item = [Value; N]>,
    ) -> sqlx::Result<()> {
        let connection = self.write.connection();
        let mut connection = connection.get_postgres_connection_pool().acquire().await?;
        let mut work = connection.begin().await?;
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let mut copy = work.copy_in_raw(statement).await?;
            copy.send(encode(kinds, rows.by_ref().take(CHUNK))).await?;
            copy.finish().await?;
        }
        work.commit().await
    }
}

fn encode<const N: usize>(kinds: [Kind; N], rows: impl Iterator<Item = [Value; N]>) -> Vec<u8> {
    let mut bytes = HEAD.to_vec();
    for row in rows {
        bytes.extend((N as i16).to_be_bytes());
        for (kind, value) in kinds.into_iter().zip(row) {
            field(&mut bytes, kind, &value);
        }
    }
    bytes.extend(END.to_be_bytes());
    bytes
}

/// A length in bytes and as many bytes; a length of -1 is NULL.
fn field(bytes: &mut Vec<u8>, kind: Kind, value: &Value) {
    let mut sized = |parts: [&[u8]; 2]| {
        let length = parts.map(<[u8]>::len).iter().sum::<usize>() as i32;
        bytes.extend(length.to_be_bytes());
        parts.into_iter().for_each(|part| bytes.extend(part));
    };
    match value {
        // The one version of jsonb that there is.
        Value::String(Some(text)) if kind == Kind::Json => sized([&[1], text.as_bytes()]),
        Value::String(Some(text)) => sized([&[], text.as_bytes()]),
        Value::Int(Some(number)) => sized([&[], &number.to_be_bytes()]),
        Value::ChronoDateTimeUtc(Some(instant)) => sized([&[], &micros(instant).to_be_bytes()]),
        Value::String(None) | Value::Int(None) | Value::ChronoDateTimeUtc(None) => {
            bytes.extend((-1_i32).to_be_bytes());
        }
        other => unreachable!("{other:?} is of none of the kinds"),
    }
}

fn micros(instant: &DateTime<Utc>) -> i64 {
    instant.timestamp_micros() - YEAR_2000 * 1_000_000
}
