//! SeaORM expressions that extract values from `tracks.raw_json`, rendered for both engines.
//!
//! An expression is NULL if the payload has no valid value. It never raises an error, whatever the payload holds.

use sea_orm::DbBackend;
use sea_orm::sea_query::extension::postgres::{PgBinOper, PgExpr};
use sea_orm::sea_query::extension::sqlite::SqliteExpr;
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};

const RELEASE_DATE: [&str; 2] = ["album", "release_date"];
const EXPLICIT: [&str; 1] = ["explicit"];
const ARTIST_ID: [&str; 3] = ["artists", "0", "id"];
const COVER: [&str; 4] = ["album", "images", "1", "url"];

/// The year in `album.release_date`, a JSON string that matches `^[12][0-9]{3}(-|$)`.
pub fn release_year(engine: DbBackend) -> SimpleExpr {
    let date = || text(engine, &RELEASE_DATE);
    let known = is_string(engine, &RELEASE_DATE).and(starts_with_year(engine, date()));
    let year = match engine {
        DbBackend::Postgres => Func::cust("left").arg(date()).arg(4),
        _ => Func::cust("substr").arg(date()).arg(1).arg(4),
    };
    Expr::case(known, Expr::expr(year).cast_as("smallint")).into()
}

/// The `explicit` flag, if it is a JSON boolean.
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

/// The id of the first artist: a JSON string that matches `^[0-9A-Za-z_-]{1,64}$`, so that an id is never mistaken for
/// a name.
pub fn artist_id(engine: DbBackend) -> SimpleExpr {
    let id = || text(engine, &ARTIST_ID);
    let known = match engine {
        DbBackend::Postgres => id().binary(PgBinOper::Regex, "^[0-9A-Za-z_-]{1,64}$"),
        _ => Expr::expr(Func::char_length(id()))
            .between(1, 64)
            .and(id().glob("*[^0-9A-Za-z_-]*").not()),
    };
    Expr::case(is_string(engine, &ARTIST_ID).and(known), id()).into()
}

/// The key of a track's artist: its id, else `name:` and the name; NULL if the name is empty too.
pub fn artist_key() -> SimpleExpr {
    Expr::cust(r#"coalesce("tracks"."artist_id", 'name:' || nullif("tracks"."artist_name", ''))"#)
}

/// The URL of the cover of about 300 pixels, if it is a JSON string. The provider lists three sizes,
/// the largest first.
pub fn cover_url(engine: DbBackend) -> SimpleExpr {
    Expr::case(is_string(engine, &COVER), text(engine, &COVER)).into()
}

/// The value at `path` as text; NULL if the path does not exist. A numeric step is an index into an array.
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

/// The engine's name for the JSON type at `path`; NULL if the path does not exist.
fn json_type(engine: DbBackend, path: &[&str]) -> SimpleExpr {
    match engine {
        DbBackend::Postgres => Func::cust("jsonb_typeof").arg(walk(engine, path)).into(),
        _ => Func::cust("json_type")
            .arg(Expr::col("raw_json"))
            .arg(
                path.iter()
                    .fold(String::from("$"), |path, step| match array_index(step) {
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
        let step = array_index(step).map_or_else(|| Expr::val(*step), Expr::val);
        match engine {
            DbBackend::Postgres => PgExpr::get_json_field(value, step),
            _ => SqliteExpr::get_json_field(value, step),
        }
    })
}

fn array_index(step: &str) -> Option<i32> {
    step.parse().ok()
}
