//! The web server: the route tree, what every answer carries, and the life of the process.

pub mod document;

pub(crate) mod assets;
pub(crate) mod body;
pub(crate) mod components;
pub(crate) mod cursor;
pub(crate) mod day;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod outcome;
pub(crate) mod tag;
pub(crate) mod time_range;

mod answers;
mod docs;
mod error_page;
mod headers;
mod health;
mod limits;
mod log;
mod operations;
mod phase;
mod problem;
mod server;

use crate::config::{Config, DatabaseUrl};
use crate::dashboard;
use crate::db::{Database, Durability, Patience};
use crate::demo;
use crate::snapshots::lists::Lists;
use anyhow::Context;
use phase::Life;
use poem::endpoint::BoxEndpoint;
use poem::middleware::RequestId;
use poem::web::{Path, Redirect};
use poem::{EndpointExt, IntoResponse, Response, Route, get, handler};
use server::Server;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;

/// Connections to the database get this long to be closed in good order.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves until SIGTERM or SIGINT. The database need not be there yet.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config, Patience::Request).await?;
    serve_with(config, database, Route::new()).await
}

/// Serves the sample library from a database that is gone when the program ends.
pub async fn demo(config: &Config) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot make a folder for the throw-away database")?;
    let url = DatabaseUrl::sqlite(&folder.path().join("demo.db"));
    let database = Database::open_sqlite(&url, Patience::Request, Durability::ThrowAway).await?;
    database.migrate().await?;
    demo::fill(&database, chrono::Utc::now().date_naive()).await?;
    tracing::info!("this library is made up, and nothing you do to it is kept");
    let covers = Route::new().at("/demo/covers/:file", get(cover));
    serve_with(config, database, covers).await
}

#[handler]
fn cover(Path(file): Path<String>) -> poem::Result<Response> {
    let cover = demo::cover(&file).ok_or(poem::error::NotFoundError)?;
    Ok(cover.with_content_type("image/svg+xml").into_response())
}

/// The same, with routes of the caller's own beside it.
pub(crate) async fn serve_with(
    config: &Config,
    database: Database,
    more: Route,
) -> anyhow::Result<()> {
    let (address, fallback) = config.addresses();
    let server = Server::bind(address, fallback).await?;
    let address = server.address;
    let life = Life::default();
    let app = app(database.clone(), life.clone(), more, is_open(address))?;
    let told_to_stop = life.told_to_stop().context("cannot listen for signals")?;
    let greet = async {
        life.has_begun().await;
        tracing::info!("listening on http://{address}");
    };
    let serving = server.run(app, told_to_stop);
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        (started, ()) = async { tokio::join!(life.begin(&database), greet) } => {
            started?;
            serving.await;
        }
    }
    if timeout(FAREWELL, database.close()).await.is_err() {
        tracing::warn!("the database did not take its leave in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Whether others than this machine can reach the address.
fn is_open(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}

fn app(
    database: Database,
    life: Life,
    more: Route,
    open: bool,
) -> anyhow::Result<BoxEndpoint<'static, Response>> {
    let library = Route::new()
        .at("/", get(home))
        .at("/dashboard", get(dashboard::page::show))
        .at("/docs", get(docs::show))
        .at("/openapi.yaml", get(document::Document::yaml()?))
        .at("/openapi.json", get(document::Document::json()?))
        .nest("/api", document::service())
        .around(answers::keep)
        .around(phase::gate)
        .around(limits::bound);
    let routes = more
        .nest_no_strip("/", library)
        .at("/assets/:hash/*name", get(assets::serve))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
        .data(database)
        .data(Lists::default())
        .data(life);
    Ok(routes
        .around(move |routes, request| problem::refuse_writes(routes, request, open))
        .around(operations::check)
        .around(problem::answer)
        .around(headers::protect)
        .around(log::requests)
        .with(RequestId::default())
        .map_to_response()
        .boxed())
}

#[handler]
fn home() -> Redirect {
    Redirect::see_other("/dashboard")
}
