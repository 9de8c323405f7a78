//! Many rows in one statement, as each engine takes them fastest.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    ArrayType, Expr, ExprTrait, Func, InsertStatement, IntoColumnRef, Query, SimpleExpr,
};
use sea_orm::{DbBackend, Value};

/// What a row has in a column: of one kind in all rows, or nothing.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    Text(Option<&'a str>),
    Integer(Option<i32>),
    Instant(Option<DateTime<Utc>>),
    /// Its text.
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

/// Makes these the statement's rows, of which there is one at least.
///
/// PostgreSQL gets every column as one array: with a parameter for each value it would plan for
/// longer than it writes.
pub fn rows<const N: usize>(
    insert: &mut InsertStatement,
    engine: DbBackend,
    rows: Vec<[Field; N]>,
) {
    if engine != DbBackend::Postgres {
        for row in rows {
            insert.values_panic(row.map(|field| Expr::val(Value::from(field))));
        }
        return;
    }
    let column = |column: usize| rows.iter().map(|row| row[column]).collect::<Vec<_>>();
    let select = Query::select()
        .exprs((0..N).map(|index| unnest(&column(index))))
        .to_owned();
    insert
        .select_from(select)
        .expect("there are as many values as columns");
}

/// Whether a column holds one of these texts: they are one parameter where the engine has arrays.
pub fn is_among(
    engine: DbBackend,
    column: impl IntoColumnRef,
    texts: impl Iterator<Item = String>,
) -> SimpleExpr {
    let column = Expr::col(column);
    match engine {
        DbBackend::Postgres => column.eq(PgFunc::any(texts_array(texts.map(Value::from)))),
        _ => column.is_in(texts),
    }
}

/// The driver's own arrays have no NULL.
fn texts_array(texts: impl Iterator<Item = Value>) -> SimpleExpr {
    let texts = Box::new(texts.collect());
    Expr::val(Value::Array(ArrayType::String, Some(texts)))
}

fn unnest(column: &[Field]) -> SimpleExpr {
    let unnest = |array| SimpleExpr::from(Func::cust("unnest").arg(array));
    let kind = match column.first() {
        Some(Field::Json(_)) => {
            // No JSON is empty.
            let texts = column.iter().map(|field| match Value::from(*field) {
                Value::String(None) => Value::from(""),
                text => text,
            });
            let texts = Func::cust("nullif")
                .arg(unnest(texts_array(texts)))
                .arg(Expr::val(""));
            return SimpleExpr::from(texts).cast_as("jsonb");
        }
        Some(Field::Integer(_)) => "integer[]",
        Some(Field::Instant(_)) => "timestamptz[]",
        Some(Field::Text(_)) | None => "text[]",
    };
    unnest(Expr::val(array(column)).cast_as(kind))
}

/// As PostgreSQL writes an array: `{"a","b \"c\"",NULL}`.
fn array(column: &[Field]) -> String {
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

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_holds_any_text_and_none() {
        let texts = ["", "a", "NULL", "{b}", "c \"d\"", "e\\", "é,\n"];
        let column = texts.map(Some).into_iter().chain([None]).map(Field::Text);

        let array = array(&column.collect::<Vec<_>>());

        let expected = "{\"\",\"a\",\"NULL\",\"{b}\",\"c \\\"d\\\"\",\"e\\\\\",\"é,\n\",NULL}";
        assert_eq!(array, expected);
    }
}
