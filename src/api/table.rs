//! Responses with tables, as JSON or one table at a time as CSV (RFC 4180).
//!
//! A table is a member of the answer that is an array of objects. Its columns come from the schema in the document, so
//! they are the same for every answer, in the order of the struct. A cell that a spreadsheet would execute as a formula
//! gets an apostrophe before it.

use super::json;
use crate::error::{Error, Result};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, Enum};
use serde_json::{Map, Value};

/// The form of a response with tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Json,
    Csv,
}

pub const CSV: &str = "text/csv";

/// An answer in the form that the caller asked for.
pub enum Tabular<T> {
    Json(T),
    Csv(Vec<u8>),
}

/// The same for an operation that answers 404 if the library does not have what its path names.
pub struct FoundTabular<T>(Tabular<T>);

pub type TabularResult<T> = poem::Result<Tabular<T>>;

pub type TabularLookup<T> = poem::Result<FoundTabular<T>>;

impl<T: ToJSON> Tabular<T> {
    /// `table` names a member of the answer. It may be left out if the answer has one table.
    pub fn new(answer: T, format: Option<Format>, table: Option<&str>) -> Result<Self> {
        match format.unwrap_or_default() {
            Format::Json => Ok(Self::Json(answer)),
            Format::Csv => Ok(Self::Csv(csv(&answer, table)?)),
        }
    }
}

impl<T> Tabular<T> {
    pub fn found(self) -> FoundTabular<T> {
        FoundTabular(self)
    }
}

impl<T: ToJSON> IntoResponse for Tabular<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Json(answer) => json::Json(answer).into_response(),
            Self::Csv(text) => Response::builder()
                .content_type("text/csv; charset=utf-8; header=present")
                .body(text),
        }
    }
}

impl<T: ToJSON> IntoResponse for FoundTabular<T> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<T: ToJSON> ApiResponse for Tabular<T> {
    fn meta() -> MetaResponses {
        with_csv(json::Json::<T>::meta())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> ApiResponse for FoundTabular<T> {
    fn meta() -> MetaResponses {
        with_csv(json::Found::<T>::meta())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

fn with_csv(mut meta: MetaResponses) -> MetaResponses {
    meta.responses[0].content.push(MetaMediaType {
        content_type: CSV,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    });
    meta
}

/// A column; one that has columns itself is an array of objects.
struct Column {
    name: &'static str,
    columns: Vec<Column>,
}

fn csv<T: ToJSON>(answer: &T, table: Option<&str>) -> Result<Vec<u8>> {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut tables = columns(&T::schema_ref(), &registry);
    tables.retain(|member| !member.columns.is_empty());
    let table = chosen(tables, table)?;
    let answer = answer.to_json().unwrap_or_default();
    let mut rows = Vec::new();
    for item in answer[table.name].as_array().into_iter().flatten() {
        add_rows(&table.columns, item, Vec::new(), &mut rows);
    }
    let mut header = Vec::new();
    add_names(&table.columns, &mut header);
    let written = written(&header, &rows);
    Ok(written.expect("rows are as long as the header, and memory takes them"))
}

fn chosen(tables: Vec<Column>, name: Option<&str>) -> Result<Column> {
    let names: Vec<_> = tables.iter().map(|table| table.name).collect();
    let reason = format!("one of {} was expected", names.join(", "));
    let is_single = tables.len() == 1;
    tables
        .into_iter()
        .find(|table| name.map_or(is_single, |name| name == table.name))
        .ok_or_else(|| Error::invalid("table", reason))
}

fn columns(schema: &MetaSchemaRef, registry: &Registry) -> Vec<Column> {
    let schema = resolved(schema, registry);
    let properties = schema.properties.iter().map(|(name, property)| Column {
        name,
        columns: match &resolved(property, registry).items {
            Some(items) => columns(items, registry),
            None => Vec::new(),
        },
    });
    properties.collect()
}

/// A reference with a description is an `allOf` of one.
fn resolved<'a>(schema: &'a MetaSchemaRef, registry: &'a Registry) -> &'a MetaSchema {
    match schema {
        MetaSchemaRef::Reference(name) => &registry.schemas[name],
        MetaSchemaRef::Inline(schema) => match schema.all_of.first() {
            Some(first) => resolved(first, registry),
            None => schema,
        },
    }
}

/// The columns of an inner table follow the others.
fn add_names(columns: &[Column], names: &mut Vec<&'static str>) {
    let (inner, plain): (Vec<_>, Vec<_>) = columns.iter().partition(|column| column.is_table());
    names.extend(plain.iter().map(|column| column.name));
    for column in inner {
        add_names(&column.columns, names);
    }
}

/// One row for an item, or one for each row of its inner table, after the cells of the item.
fn add_rows(columns: &[Column], item: &Value, mut row: Vec<String>, rows: &mut Vec<Vec<String>>) {
    let empty = Map::new();
    let members = item.as_object().unwrap_or(&empty);
    let (inner, plain): (Vec<_>, Vec<_>) = columns.iter().partition(|column| column.is_table());
    row.extend(plain.iter().map(|column| cell(members.get(column.name))));
    match inner.first() {
        None => rows.push(row),
        Some(table) => {
            let items = members.get(table.name).and_then(Value::as_array);
            for item in items.into_iter().flatten() {
                add_rows(&table.columns, item, row.clone(), rows);
            }
        }
    }
}

impl Column {
    fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }
}

fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text,
    }
}

fn written(header: &[&str], rows: &[Vec<String>]) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::Object;

    #[derive(Object)]
    #[oai(skip_serializing_if_is_none)]
    struct Years {
        title: String,
        years: Vec<Year>,
        names: Vec<Name>,
    }

    #[derive(Object)]
    struct Year {
        year: i32,
        months: Vec<Month>,
    }

    #[derive(Object)]
    #[oai(skip_serializing_if_is_none)]
    struct Month {
        month: i32,
        #[oai(flatten)]
        name: Name,
    }

    #[derive(Object)]
    #[oai(skip_serializing_if_is_none)]
    struct Name {
        name: Option<String>,
        known: bool,
    }

    fn years() -> Years {
        let name = |name: &str| Name {
            name: Some(name.into()),
            known: true,
        };
        Years {
            title: "t".into(),
            years: vec![Year {
                year: 2026,
                months: vec![
                    Month {
                        month: 1,
                        name: name("a, \"b\""),
                    },
                    Month {
                        month: 2,
                        name: Name {
                            name: None,
                            known: false,
                        },
                    },
                ],
            }],
            names: ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "1-1"]
                .map(name)
                .into(),
        }
    }

    #[test]
    fn the_rows_of_an_inner_table_repeat_the_cells_of_the_outer_one() {
        let text = csv(&years(), Some("years")).expect("a table");

        let expected = "year,month,name,known\r\n2026,1,\"a, \"\"b\"\"\",true\r\n2026,2,,false\r\n";
        assert_eq!(String::from_utf8(text).expect("text"), expected);
    }

    #[test]
    fn a_cell_is_no_formula() {
        let text = csv(&years(), Some("names")).expect("a table");

        let text = String::from_utf8(text).expect("text");
        let expected = "name,known\r\n'=1+1,true\r\n'+1,true\r\n'-1,true\r\n'@x,true\r\n'\tx,true\r\n\"'\rx\",true\r\n1-1,true\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn one_of_several_tables_must_be_named() {
        for table in [None, Some("title"), Some("months")] {
            let refused = csv(&years(), table).expect_err("no table");

            assert_eq!(
                refused.to_string(),
                "table: one of years, names was expected"
            );
        }
    }
}
