//! Statements with many values, in the form that each engine executes fastest.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    ArrayType, Expr, ExprTrait, Func, InsertStatement, IntoColumnRef, Query, SimpleExpr,
};
use sea_orm::{DbBackend, EntityTrait, Value};

/// The value of one column in one row. A column has the same variant in all rows.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    Text(Option<&'a str>),
    Integer(Option<i32>),
    Instant(Option<DateTime<Utc>>),
    /// JSON as text.
    Json(Option<&'a str>),
}

impl From<Field<'_>> for Value {
    fn from(field: Field) -> Self {
        match field {
            Field::Text(text) | Field::Json(text) => text.into(),
            Field::Integer(number) => number.into(),
            Field::Instant(instant) => instant.into(),
        }
    }
}

/// An `INSERT` of at least one row. Every row has the same columns in the same order.
///
/// PostgreSQL gets one array per column: with one parameter per value it would spend more time on
/// planning than on writing.
pub fn insert<E: EntityTrait, const N: usize>(
    engine: DbBackend,
    table: E,
    rows: &[[(E::Column, Field); N]],
) -> InsertStatement {
    let mut insert = Query::insert();
    insert
        .into_table(table)
        .columns(rows[0].map(|(column, _)| column));
    if engine != DbBackend::Postgres {
        for row in rows {
            insert.values_panic(row.map(|(_, field)| Expr::val(Value::from(field))));
        }
        return insert;
    }
    let column = |index: usize| rows.iter().map(|row| row[index].1).collect::<Vec<_>>();
    let select = Query::select()
        .exprs((0..N).map(|index| unnest(&column(index))))
        .to_owned();
    insert
        .select_from(select)
        .expect("there are as many values as columns");
    insert
}

/// Whether a column holds one of these texts, however many there are. PostgreSQL gets them as one array parameter, SQLite
/// as one JSON array.
pub fn is_among(
    engine: DbBackend,
    column: impl IntoColumnRef,
    texts: impl Iterator<Item = String>,
) -> SimpleExpr {
    let column = Expr::col(column);
    match engine {
        DbBackend::Postgres => column.eq(PgFunc::any(text_array(texts.map(Value::from)))),
        _ => {
            let texts = serde_json::Value::from_iter(texts).to_string();
            let texts = Func::cust("json_each").arg(Expr::val(texts));
            column.in_subquery(
                Query::select()
                    .column("value")
                    .from_function(texts, "texts")
                    .to_owned(),
            )
        }
    }
}

/// The driver's own array, which cannot hold NULL.
fn text_array(texts: impl Iterator<Item = Value>) -> SimpleExpr {
    let texts = Box::new(texts.collect());
    Expr::val(Value::Array(ArrayType::String, Some(texts)))
}

fn unnest(column: &[Field]) -> SimpleExpr {
    let unnest = |array| SimpleExpr::from(Func::cust("unnest").arg(array));
    let kind = match column.first() {
        Some(Field::Json(_)) => {
            // No JSON text is empty, so an empty one can stand for NULL.
            let texts = column.iter().map(|field| match Value::from(*field) {
                Value::String(None) => Value::from(""),
                text => text,
            });
            let texts = Func::cust("nullif")
                .arg(unnest(text_array(texts)))
                .arg(Expr::val(""));
            return SimpleExpr::from(texts).cast_as("jsonb");
        }
        Some(Field::Integer(_)) => "integer[]",
        Some(Field::Instant(_)) => "timestamptz[]",
        Some(Field::Text(_)) | None => "text[]",
    };
    unnest(Expr::val(array_literal(column)).cast_as(kind))
}

/// PostgreSQL's text form of an array, as in `{"a","b \"c\"",NULL}`.
fn array_literal(column: &[Field]) -> String {
    let mut array = String::from("{");
    for (index, field) in column.iter().enumerate() {
        if index > 0 {
            array.push(',');
        }
        match field {
            Field::Text(Some(text)) | Field::Json(Some(text)) => quote(&mut array, text),
            Field::Integer(Some(number)) => array += &number.to_string(),
            Field::Instant(Some(instant)) => quote(&mut array, &instant.to_rfc3339()),
            Field::Text(None) | Field::Json(None) | Field::Integer(None) | Field::Instant(None) => {
                array += "NULL";
            }
        }
    }
    array.push('}');
    array
}

fn quote(array: &mut String, text: &str) {
    array.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            array.push('\\');
        }
        array.push(character);
    }
    array.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_literal_holds_any_text_and_null() {
        let texts = ["", "a", "NULL", "{b}", "c \"d\"", "e\\", "é,\n"];
        let column = texts.map(Some).into_iter().chain([None]).map(Field::Text);

        let array = array_literal(&column.collect::<Vec<_>>());

        let expected = "{\"\",\"a\",\"NULL\",\"{b}\",\"c \\\"d\\\"\",\"e\\\\\",\"é,\n\",NULL}";
        assert_eq!(array, expected);
    }
}
