//! The web server: the route tree, what every answer carries, and the life of the process.

pub mod document;

pub(crate) mod assets;
pub(crate) mod components;
pub(crate) mod cursor;
pub(crate) mod day;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod tag;
pub(crate) mod time_range;

mod docs;
mod error_page;
mod headers;
mod health;
mod log;
mod problem;
mod stop;

use crate::config::Config;
use crate::dashboard;
use crate::db::Database;
use anyhow::Context;
use poem::endpoint::BoxEndpoint;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::RequestId;
use poem::web::Redirect;
use poem::{EndpointExt, Route, Server, get, handler};
use std::net::SocketAddr;
use std::time::Duration;

/// Requests on their way get this long to end when the program is told to stop.
const DRAIN: Duration = Duration::from_secs(8);

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: &Config, database: Database) -> anyhow::Result<()> {
    serve_with(config, database, Route::new()).await
}

/// The same, with routes of the caller's own beside it.
pub(crate) async fn serve_with(
    config: &Config,
    database: Database,
    more: Route,
) -> anyhow::Result<()> {
    let (acceptor, address) = listen(config).await?;
    let readiness = stop::Readiness::default();
    let app = app(database.clone(), readiness.clone(), more, is_open(address))?;
    let stop = stop::asked(readiness).context("cannot listen for signals")?;
    tracing::info!("listening on http://{address}");
    Server::new_with_acceptor(acceptor)
        .run_with_graceful_shutdown(app, stop, Some(DRAIN))
        .await
        .context("the server stopped")?;
    database.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Whether others than this machine can reach the address.
fn is_open(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}

async fn listen(config: &Config) -> anyhow::Result<(impl Acceptor + use<>, SocketAddr)> {
    let (first, fallback) = config.addresses();
    let bound = match (TcpListener::bind(first).into_acceptor().await, fallback) {
        (Err(_), Some(fallback)) => TcpListener::bind(fallback).into_acceptor().await,
        (bound, _) => bound,
    };
    let acceptor = bound.with_context(|| {
        format!("cannot listen on {first}; if another program does, choose another port with PORT or --port")
    })?;
    let address = acceptor
        .local_addr()
        .first()
        .and_then(|address| address.as_socket_addr().copied())
        .context("the listener has no address")?;
    Ok((acceptor, address))
}

fn app(
    database: Database,
    readiness: stop::Readiness,
    more: Route,
    open: bool,
) -> anyhow::Result<BoxEndpoint<'static>> {
    let pages = Route::new()
        .at("/", get(home))
        .at("/dashboard", get(dashboard::page::show))
        .at("/docs", get(docs::show))
        .at("/openapi.yaml", document::Document::yaml()?)
        .at("/openapi.json", document::Document::json()?)
        .nest("/api", document::service());
    let routes = more
        .nest_no_strip(
            "/",
            pages.around(headers::validate).around(problem::refuse_nul),
        )
        .at("/assets/:hash/*name", get(assets::serve))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
        .data(database)
        .data(readiness);
    let guarded = match open {
        true => routes.around(problem::refuse_writes).boxed(),
        false => routes.boxed(),
    };
    Ok(guarded
        .around(problem::answer)
        .around(headers::protect)
        .around(log::requests)
        .with(RequestId::default())
        .boxed())
}

#[handler]
fn home() -> Redirect {
    Redirect::see_other("/dashboard")
}
