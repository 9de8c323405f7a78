//! Many rows in one statement, as each engine takes them fastest.

use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    ArrayType, Expr, ExprTrait, Func, InsertStatement, IntoColumnRef, Query, SimpleExpr,
};
use sea_orm::{DbBackend, Value};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Instant,
    /// Its text.
    Json,
}

/// Makes these the statement's rows; each has as many values as there are kinds.
///
/// PostgreSQL gets every column as one array: with a parameter for each value it would plan for
/// longer than it writes.
pub fn rows<const N: usize>(
    insert: &mut InsertStatement,
    engine: DbBackend,
    kinds: [Kind; N],
    rows: Vec<[Value; N]>,
) {
    if engine != DbBackend::Postgres {
        for row in rows {
            insert.values_panic(row.map(Expr::val));
        }
        return;
    }
    let mut columns = [(); N].map(|()| Vec::with_capacity(rows.len()));
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let columns = kinds.into_iter().zip(columns);
    let select = Query::select()
        .exprs(columns.map(|(kind, values)| kind.unnest(values)))
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

impl Kind {
    fn unnest(self, values: Vec<Value>) -> SimpleExpr {
        let unnest = |array| SimpleExpr::from(Func::cust("unnest").arg(array));
        if self == Self::Json {
            // No JSON is empty.
            let absent = |value| match value {
                Value::String(None) => Value::from(""),
                value => value,
            };
            let texts = unnest(texts_array(values.into_iter().map(absent)));
            let texts = Func::cust("nullif").arg(texts).arg(Expr::val(""));
            return SimpleExpr::from(texts).cast_as("jsonb");
        }
        let kind = match self {
            Self::Integer => "integer[]",
            Self::Instant => "timestamptz[]",
            Self::Text | Self::Json => "text[]",
        };
        unnest(Expr::val(array(&values)).cast_as(kind))
    }
}

/// As PostgreSQL writes an array: `{"a","b \"c\"",NULL}`.
fn array(values: &[Value]) -> String {
    let mut text = String::from("{");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        match value {
            Value::String(Some(value)) => quote(&mut text, value),
            Value::Int(Some(value)) => text += &value.to_string(),
            Value::ChronoDateTimeUtc(Some(value)) => quote(&mut text, &value.to_rfc3339()),
            Value::String(None) | Value::Int(None) | Value::ChronoDateTimeUtc(None) => {
                text += "NULL";
            }
            other => unreachable!("{other:?} is of none of the kinds"),
        }
    }
    text.push('}');
    text
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
        let values = texts
            .map(Value::from)
            .into_iter()
            .chain([Value::String(None)]);

        let array = array(&values.collect::<Vec<_>>());

        let expected = "{\"\",\"a\",\"NULL\",\"{b}\",\"c \\\"d\\\"\",\"e\\\\\",\"é,\n\",NULL}";
        assert_eq!(array, expected);
    }
}
