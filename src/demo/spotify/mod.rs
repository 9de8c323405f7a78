//! A made-up Spotify over real HTTP, for tests and for trying the program without an account.
//!
//! It serves the page of the consent and the token endpoint ([`accounts`]) and the Web API ([`api`]). A [`Fault`] replaces
//! or changes an answer, the clock can be set, and every request is logged. Unless lists are scripted, it serves the last
//! lists of the sample library.

mod accounts;
mod api;
mod consents;
mod faults;
mod page;
mod reply;
mod state;

pub use consents::Rotation;
pub use faults::{Call, Fault, When};
pub use state::Received;

use chrono::{DateTime, Utc};
use entity::snapshot::TimeRange;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{EndpointExt, Route, Server, get, post};
use serde_json::Value;
use state::{Shared, State};
use std::io;
use std::sync::Arc;
use tokio::task::AbortHandle;
use url::Url;

/// A running fake. It stops when the last clone is dropped.
#[derive(Clone)]
pub struct FakeSpotify {
    origin: Url,
    shared: Shared,
    _server: Arc<Running>,
}

struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl FakeSpotify {
    /// Serves on a free port of 127.0.0.1.
    pub async fn start() -> io::Result<Self> {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
        let address = acceptor.local_addr().remove(0);
        let address = address
            .as_socket_addr()
            .ok_or(io::ErrorKind::AddrNotAvailable)?;
        let origin: Url = format!("http://{address}")
            .parse()
            .expect("an address is a URL");
        let shared = Shared::new(State::new(origin.clone()));
        let routes = Route::new()
            .at("/authorize", get(accounts::show).post(accounts::decide))
            .at(page::STYLE, get(page::style))
            .at("/api/token", post(accounts::token))
            .at("/v1/me", get(api::account))
            .at("/v1/me/top/tracks", get(api::top_tracks))
            .data(shared.clone());
        let server = tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        Ok(Self {
            origin,
            shared,
            _server: Arc::new(Running(server.abort_handle())),
        })
    }

    /// For `SPOTIFY_API_URL` and `SPOTIFY_ACCOUNTS_URL`.
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// Stops the clock at this instant. Until then it is the system's.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.shared.lock().now = Some(now);
    }

    /// The list from this instant on, best first. Before the first one of its range, the sample library's is served.
    pub fn put_list(&self, since: DateTime<Utc>, time_range: TimeRange, tracks: Vec<Value>) {
        self.shared
            .lock()
            .lists
            .put_tracks(since, time_range, tracks);
    }

    /// The body of the first page from this instant on, byte for byte. Later pages are empty.
    pub fn put_body(&self, since: DateTime<Utc>, time_range: TimeRange, body: impl Into<String>) {
        let body = body.into();
        self.shared.lock().lists.put_body(since, time_range, body);
    }

    /// Answers these calls with a fault. The first scripted fault that applies is used.
    pub fn fail(&self, calls: &[Call], when: When, fault: Fault) {
        self.shared.lock().faults.add(calls, when, fault);
    }

    /// Ends all scripted faults.
    pub fn heal(&self) {
        self.shared.lock().faults.clear();
    }

    /// Whether a refresh answers a new refresh token. [`Rotation::Keep`] unless set.
    pub fn set_rotation(&self, rotation: Rotation) {
        self.shared.lock().consents.rotation = rotation;
    }

    /// Withdraws every consent: `invalid_grant` from now on. Access tokens stay valid until they expire, as at Spotify.
    pub fn revoke(&self) {
        self.shared.lock().consents.revoke();
    }

    /// The account that consents.
    pub fn set_account(&self, id: &str, display_name: Option<&str>) {
        self.shared.lock().account = (id.to_owned(), display_name.map(str::to_owned));
    }

    /// Agrees as the owner would on the page of the consent. Returns the address the browser is sent to.
    pub fn agree(&self, authorize_url: &Url) -> Result<Url, String> {
        accounts::decided(
            &mut self.shared.lock(),
            authorize_url.query().unwrap_or_default(),
            true,
        )
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// Every code and token that was ever issued and every verifier that came, so that a test can search for them.
    pub fn secrets(&self) -> Vec<String> {
        self.shared.lock().consents.secrets.clone()
    }
}
