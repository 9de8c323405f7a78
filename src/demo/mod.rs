//! The sample library: made up, the same on every start of one day, and large enough to fill every page.
//!
//! [`library`] gives the tracks and their lists, [`fill`] keeps them, [`covers`] draws what the
//! albums refer to.

mod albums;
mod chance;
mod covers;
mod days;
mod discovery;
mod fill;
mod library;
mod names;
mod oddities;
mod phases;
mod taste;
mod titles;
mod tracks;
mod years;

#[cfg(test)]
mod tests;

use crate::config::{Config, DatabaseUrl};
use crate::db::{Database, Durability, Patience};
use crate::web;
use anyhow::Context;
use poem::web::Path;
use poem::{IntoResponse, Response, Route, get, handler};

/// Serves the sample library from a database that is gone when the program ends.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot make a folder for the throw-away database")?;
    let url = DatabaseUrl::sqlite(&folder.path().join("demo.db"));
    let database = Database::open_sqlite(&url, Patience::Request, Durability::ThrowAway).await?;
    database.migrate().await?;
    fill::fill(&database, chrono::Utc::now().date_naive()).await?;
    tracing::info!("this library is made up, and nothing you do to it is kept");
    web::serve_with(
        config,
        database,
        Route::new().at("/demo/covers/:file", get(cover)),
    )
    .await
}

#[handler]
fn cover(Path(file): Path<String>) -> poem::Result<Response> {
    let number = file
        .strip_suffix(".svg")
        .and_then(|number| number.parse().ok());
    let number = number.filter(|number: &u32| (*number as usize) < covers::COVERS);
    let cover = covers::cover(number.ok_or(poem::error::NotFoundError)?);
    Ok(cover.with_content_type("image/svg+xml").into_response())
}
