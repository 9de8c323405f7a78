//! Questions put to `tracks.raw_json`, as SeaORM expressions that render for both engines.
//!
//! An answer is NULL when the payload does not say; whatever the payload holds, asking never raises.

use sea_orm::DbBackend;
use sea_orm::sea_query::extension::postgres::{PgBinOper, PgExpr};
use sea_orm::sea_query::extension::sqlite::SqliteExpr;
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};

const RELEASE_DATE: [&str; 2] = ["album", "release_date"];
const EXPLICIT: [&str; 1] = ["explicit"];
const COVER: [&str; 4] = ["album", "images", "1", "url"];

/// The year in `album.release_date`: a JSON string that starts with a year 1000–2999
/// and ends there or goes on with `-`.
pub fn release_year(engine: DbBackend) -> SimpleExpr {
    let date = || text(engine, &RELEASE_DATE);
    let known = is_string(engine, &RELEASE_DATE).and(starts_with_year(engine, date()));
    let year = match engine {
        DbBackend::Postgres => Func::cust("left").arg(date()).arg(4),
        _ => Func::cust("substr").arg(date()).arg(1).arg(4),
    };
    Expr::case(known, Expr::expr(year).cast_as("smallint")).into()
}

/// The explicit flag, where it is a JSON boolean.
pub fn explicit(engine: DbBackend) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => {
            let boolean = json_type(engine, &EXPLICIT).eq("boolean");
            Expr::case(boolean, text(engine, &EXPLICIT).cast_as("boolean")).into()
        }
        _ => Expr::case(json_type(engine, &EXPLICIT).eq("true"), 1)
            .case(json_type(engine, &EXPLICIT).eq("false"), 0)
            .into(),
    }
}

/// The address of the cover of about 300 pixels, where it is a JSON string; the provider lists
/// three, the largest first.
pub fn cover_url(engine: DbBackend) -> SimpleExpr {
    Expr::case(is_string(engine, &COVER), text(engine, &COVER)).into()
}

/// What stands at `path`, as text; NULL when nothing does. A step of digits counts items from 0.
pub fn text(engine: DbBackend, path: &[&str]) -> SimpleExpr {
    let (last, parents) = path.split_last().expect("a path has at least one step");
    let parent = walk(engine, parents);
    match engine {
        DbBackend::Postgres => PgExpr::cast_json_field(parent, *last),
        _ => SqliteExpr::cast_json_field(parent, *last),
    }
}

fn is_string(engine: DbBackend, path: &[&str]) -> SimpleExpr {
    json_type(engine, path).eq(match engine {
        DbBackend::Postgres => "string",
        _ => "text",
    })
}

/// The engine's word for the kind of value at `path`; NULL when there is none.
fn json_type(engine: DbBackend, path: &[&str]) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => Func::cust("jsonb_typeof").arg(walk(engine, path)).into(),
        _ => Func::cust("json_type")
            .arg(Expr::col("raw_json"))
            .arg(
                path.iter()
                    .fold(String::from("$"), |path, step| match item(step) {
                        Some(index) => format!("{path}[{index}]"),
                        None => format!("{path}.{step}"),
                    }),
            )
            .into(),
    }
}

fn starts_with_year(engine: DbBackend, date: SimpleExpr) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => date.binary(PgBinOper::Regex, "^[12][0-9]{3}(-|$)"),
        _ => date
            .clone()
            .glob("[12][0-9][0-9][0-9]")
            .or(date.glob("[12][0-9][0-9][0-9]-*")),
    }
}

fn walk(engine: DbBackend, path: &[&str]) -> SimpleExpr {
    path.iter().fold(Expr::col("raw_json"), |value, step| {
        let step = item(step).map_or_else(|| Expr::val(*step), Expr::val);
        match engine {
            DbBackend::Postgres => PgExpr::get_json_field(value, step),
            _ => SqliteExpr::get_json_field(value, step),
        }
    })
}

fn item(step: &str) -> Option<i32> {
    step.parse().ok()
}
