//! The connection to Spotify: its state, as JSON and on the page of the settings, and how the owner connects.
//!
//! [`consent`] begins an authorization and takes its answer, [`forms`] are the requests that do so. [`trouble`] says what
//! the owner should know: here, on the dashboard, and in [`check`].

mod api;
mod arrivals;
mod check;
mod consent;
mod forms;
pub mod page;
pub mod query;
pub mod trouble;

pub use check::check_connection;

use super::{Feature, Pages};
use crate::config::Config;
use crate::html::layout::NavigationEntry;
use crate::spotify::CALLBACK;
use chrono::NaiveTime;
use poem::{get, post};
use poem_openapi::OpenApi;
use std::sync::Arc;
use url::Url;

/// The path of the page.
pub const PATH: &str = "/settings/spotify";

pub struct Connection;

impl Feature for Connection {
    const SETTINGS: Option<NavigationEntry> = Some(NavigationEntry {
        path: PATH,
        name: "Spotify",
    });

    fn api() -> impl OpenApi {
        api::ConnectionApi
    }

    /// None of them is kept: they depend on the time of day.
    fn pages(routes: Pages) -> Pages {
        routes
            .at(PATH, get(page::show))
            .at(CALLBACK, get(forms::called_back))
            .at("/settings/spotify/connect", post(forms::connect))
            .at("/settings/spotify/callback", post(forms::pasted))
            .at("/settings/spotify/capture", post(forms::capture))
            .at("/settings/spotify/disconnect", post(forms::disconnect))
    }
}

/// The redirect URI to register with Spotify, or why there is none. The root hands this to the routes as request data.
#[derive(Clone)]
pub struct RedirectUri(pub Arc<Result<Url, String>>);

/// The settings that the page shows. The root hands this to the routes as request data.
#[derive(Clone)]
pub struct Setup(Arc<Shown>);

struct Shown {
    client_id: Option<String>,
    has_public_url: bool,
    daily_at: NaiveTime,
    time_zone: &'static str,
    depth: usize,
}

impl Setup {
    pub fn of(config: &Config) -> Self {
        Self(Arc::new(Shown {
            client_id: config.spotify.client_id.clone(),
            has_public_url: config.public_url.is_some(),
            daily_at: config.spotify.capture_at,
            time_zone: config.time_zone.name(),
            depth: config.spotify.capture_depth,
        }))
    }
}
