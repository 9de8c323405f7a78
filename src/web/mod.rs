//! The root: the routes, the steps that every request passes, and the life of the process.

pub mod openapi;

mod access;
mod errors;
mod headers;
mod health;
mod host;
mod life;
mod limits;
mod log;
mod operations;
mod peer;
mod server;
mod start;
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
use crate::owner::{Attempts, Passwords};
use crate::secrets::Secrets;
use crate::spotify::redirect_uri;
use access::Access;
use anyhow::Context;
use errors::Errors;
use host::HostPolicy;
use life::Life;
use limits::Limits;
use openapi::Text;
use operations::Operations;
use peer::PeerPolicy;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::Method;
use poem::middleware::RequestId;
use poem::web::{Path, Redirect};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get, handler};
use server::Server;
use start::{Start, announcement, set_up_address};
use std::future::pending;
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
    let public_url = config.public_url.as_ref();
    let hosts = HostPolicy::new(address, public_url);
    let peers = PeerPolicy::new(config.access.trusted_proxies.clone(), public_url);
    let secrets = Secrets::new(config.secrets.key, url);
    let shared = Shared {
        capturer: Capturer::new(config, secrets, database.clone(), clock.clone())?,
        database,
        clock,
        life: Life::default(),
        redirect_uri: RedirectUri(Arc::new(redirect_uri(public_url, address))),
        setup: Setup::of(config),
        access: features::access::Setup {
            has_password_setting: config.secrets.owner_password.is_some(),
            is_read_only: config.access.read_only,
            set_up_address: set_up_address(public_url, address).into(),
        },
        passwords: Passwords::default(),
    };
    let app = app(config, shared.clone(), (hosts, peers), more)?;
    let start = Start {
        config,
        shared: &shared,
        is_reachable: !address.ip().to_canonical().is_loopback() || public_url.is_some(),
    };
    run(server, app, start).await
}

/// Serves until a signal, then closes what is open.
async fn run(
    server: Server,
    app: BoxEndpoint<'static, Response>,
    start: Start<'_>,
) -> anyhow::Result<()> {
    let Shared {
        capturer,
        database,
        life,
        ..
    } = start.shared;
    let address = server.address;
    let stop_signal = life.stop_signal().context("cannot listen for signals")?;
    let announce = async {
        life.wait_until_ready().await;
        tracing::info!("{}", announcement(address));
    };
    let schedule = async {
        match start.config.access.read_only {
            true => pending().await,
            false => capturer.follow_schedule().await,
        }
    };
    let serving = server.run(app, stop_signal);
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        (started, ()) = async { tokio::join!(life.begin(|| start.prepare()), announce) } => {
            started?;
            tokio::select! {
                () = serving => {}
                () = schedule => {}
            }
        }
    }
    if timeout(SETTLE_DEADLINE, capturer.settle()).await.is_err() {
        tracing::warn!(
            "new tokens of Spotify did not come in time; if it asks for it, connect again"
        );
    }
    if timeout(CLOSE_DEADLINE, database.clone().close())
        .await
        .is_err()
    {
        tracing::warn!("the connections to the database could not be closed in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The values that requests share.
#[derive(Clone)]
struct Shared {
    database: Database,
    clock: Clock,
    life: Life,
    capturer: Capturer,
    redirect_uri: RedirectUri,
    setup: Setup,
    access: features::access::Setup,
    passwords: Passwords,
}

/// The whole application: the routes, and around them the steps of every request, the innermost first.
fn app(
    config: &Config,
    shared: Shared,
    (hosts, peers): (HostPolicy, PeerPolicy),
    more: Route,
) -> anyhow::Result<BoxEndpoint<'static, Response>> {
    let Shared {
        database,
        clock,
        life,
        capturer,
        redirect_uri,
        setup,
        access: setup_of_access,
        passwords,
    } = shared;
    let layout = Layout::new(
        features::navigation(),
        features::search::PATH,
        features::lists::PATH,
        features::settings(),
        features::access::SIGN_IN,
    );
    let document = openapi::document()?;
    let operations = Operations::of(&document);
    let limits = Limits::default();
    let errors = Errors {
        operations: operations.clone(),
        layout: layout.clone(),
        clock: clock.clone(),
    };
    let access = Access::new(config, peers.clone(), &database, &clock, &layout);
    let library = more
        .nest_no_strip("/", features::pages().routes.at("/", get(home)))
        .nest("/api", openapi::service())
        .around(move |routes, request| limits.clone().apply(routes, request))
        .around(move |routes, request| access.clone().apply(routes, request))
        .around(life::gate);
    let routes = Route::new()
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
        .data(setup_of_access)
        .data(passwords)
        .data(Attempts::default())
        .data(life);
    Ok(routes
        .around(head_as_get)
        .around(move |routes, request| operations.clone().check(routes, request))
        .around(move |routes, request| hosts.clone().apply(routes, request))
        .around(move |routes, request| errors.clone().apply(routes, request))
        .around(move |routes, request| headers::protect(routes, request, peers.clone()))
        .around(log::requests)
        .with(RequestId::default())
        .map_to_response()
        .boxed())
}

/// The paths of the pages and of their forms, as in `/tracks/:track_id`.
pub fn page_paths() -> Vec<String> {
    features::pages().paths
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
