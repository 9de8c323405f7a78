//! The root: the routes, the steps that every request passes, and the life of the process.

pub mod openapi;

mod errors;
mod headers;
mod health;
mod host;
mod life;
mod limits;
mod log;
mod operations;
mod server;
mod swagger_ui;

use crate::capture::Capturer;
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::db::{Database, Deadlines, Durability};
use crate::demo;
use crate::demo::spotify::FakeSpotify;
use crate::features;
use crate::features::connection::{RedirectUri, Setup};
use crate::html::assets;
use crate::html::layout::Layout;
use crate::http::{ResponseCache, constant};
use crate::secrets::Secrets;
use crate::spotify::redirect_uri;
use anyhow::Context;
use errors::Errors;
use host::HostPolicy;
use life::Life;
use limits::Limits;
use openapi::Text;
use operations::Operations;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::Method;
use poem::middleware::RequestId;
use poem::web::{Path, Redirect};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get, handler};
use server::Server;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The deadline for tokens that are on their way when the program stops.
const SETTLE_DEADLINE: Duration = Duration::from_secs(1);
/// The deadline for closing the connections to the database.
const CLOSE_DEADLINE: Duration = Duration::from_secs(1);

/// The made-up Spotify accepts any.
const DEMO_CLIENT_ID: &str = "00000000000000000000000000000000";

/// Serves until SIGTERM or SIGINT. The database may become available later.
pub async fn serve(config: &Config, clock: Clock) -> anyhow::Result<()> {
    let database = Database::open(config, Deadlines::Request).await?;
    serve_with(config, &config.database()?, clock, database, Route::new()).await
}

/// Serves the sample library from a database that is deleted at the end.
pub async fn serve_demo(config: &Config, clock: Clock) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot make a folder for the throw-away database")?;
    let url = DatabaseUrl::sqlite(&folder.path().join("demo.db"));
    let database = Database::open_sqlite(&url, Deadlines::Request, Durability::None).await?;
    database.migrate().await?;
    demo::fill(&database, clock.today()).await?;
    let spotify = FakeSpotify::start()
        .await
        .context("cannot start the made-up Spotify")?;
    let mut config = config.clone();
    config.spotify.api_url = spotify.origin().clone();
    config.spotify.accounts_url = spotify.origin().clone();
    let client_id = &mut config.spotify.client_id;
    client_id.get_or_insert_with(|| DEMO_CLIENT_ID.to_owned());
    tracing::info!(
        "this library is made up, and so is the Spotify it can be connected to; nothing you do is kept"
    );
    let covers = Route::new().at("/demo/covers/:file", get(demo_cover));
    serve_with(&config, &url, clock, database, covers).await
}

#[handler]
fn demo_cover(Path(file): Path<String>) -> poem::Result<Response> {
    let cover = demo::cover(&file).ok_or(poem::error::NotFoundError)?;
    Ok(cover.with_content_type("image/svg+xml").into_response())
}

async fn serve_with(
    config: &Config,
    url: &DatabaseUrl,
    clock: Clock,
    database: Database,
    more: Route,
) -> anyhow::Result<()> {
    let (address, fallback) = config.addresses();
    let server = Server::bind(address, fallback).await?;
    let address = server.address;
    let life = Life::default();
    let hosts = HostPolicy::new(address, config.public_url.as_ref());
    let secrets = Secrets::new(config.secrets.key, url);
    let shared = Shared {
        capturer: Capturer::new(config, secrets, database.clone(), clock.clone())?,
        database,
        clock,
        life,
        redirect_uri: RedirectUri(Arc::new(redirect_uri(config.public_url.as_ref(), address))),
        setup: Setup::of(config),
    };
    let Shared {
        capturer,
        database,
        life,
        ..
    } = shared.clone();
    let app = app(shared, hosts, more)?;
    let stop_signal = life.stop_signal().context("cannot listen for signals")?;
    let announce = async {
        life.wait_until_ready().await;
        tracing::info!("listening on http://{address}");
    };
    let serving = server.run(app, stop_signal);
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        (started, ()) = async { tokio::join!(life.begin(&database), announce) } => {
            started?;
            tokio::select! {
                () = serving => {}
                () = capturer.follow_schedule() => {}
            }
        }
    }
    if timeout(SETTLE_DEADLINE, capturer.settle()).await.is_err() {
        tracing::warn!(
            "new tokens of Spotify did not come in time; if it asks for it, connect again"
        );
    }
    if timeout(CLOSE_DEADLINE, database.close()).await.is_err() {
        tracing::warn!("the connections to the database could not be closed in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// What requests share.
#[derive(Clone)]
struct Shared {
    database: Database,
    clock: Clock,
    life: Life,
    capturer: Capturer,
    redirect_uri: RedirectUri,
    setup: Setup,
}

/// The whole application: the routes, and around them the steps of every request, the innermost first.
fn app(
    shared: Shared,
    hosts: HostPolicy,
    more: Route,
) -> anyhow::Result<BoxEndpoint<'static, Response>> {
    let Shared {
        database,
        clock,
        life,
        capturer,
        redirect_uri,
        setup,
    } = shared;
    let layout = Layout::new(
        features::navigation(),
        features::search::PATH,
        features::lists::PATH,
        features::settings(),
    );
    let document = openapi::document()?;
    let operations = Operations::of(&document);
    let limits = Limits::default();
    let errors = Errors {
        operations: operations.clone(),
        layout: layout.clone(),
        clock: clock.clone(),
    };
    let library = features::pages()
        .at("/", get(home))
        .nest("/api", openapi::service())
        .around(life::gate)
        .around(move |routes, request| limits.clone().apply(routes, request));
    let routes = more
        .nest_no_strip("/", library)
        .at(swagger_ui::PATH, constant(get(swagger_ui::show)))
        .at("/openapi.yaml", constant(text(Text::yaml(&document)?)))
        .at("/openapi.json", constant(text(Text::json(&document)?)))
        .at("/assets/:hash/*name", get(assets::serve))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
        .data(ResponseCache::new(database.clone(), clock.clone()))
        .data(database)
        .data(clock)
        .data(layout)
        .data(features::search::Turns::default())
        .data(capturer)
        .data(redirect_uri)
        .data(setup)
        .data(life);
    Ok(routes
        .around(head_as_get)
        .around(move |routes, request| operations.clone().check(routes, request))
        .around(move |routes, request| hosts.clone().apply(routes, request))
        .around(move |routes, request| errors.clone().apply(routes, request))
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

fn text(text: Text) -> impl Endpoint {
    get(make_sync(move |_| text.clone()))
}

/// HEAD is answered as GET; the server leaves the body out.
async fn head_as_get<E: Endpoint>(
    endpoint: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    if *request.method() == Method::HEAD {
        request.set_method(Method::GET);
    }
    endpoint
        .call(request)
        .await
        .map(IntoResponse::into_response)
}
