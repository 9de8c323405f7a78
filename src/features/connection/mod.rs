//! The connection to Spotify: its state, as JSON and on the page of the settings, and how the owner connects.

mod api;
pub mod query;

use super::Feature;
use poem_openapi::OpenApi;
use std::sync::Arc;
use url::Url;

pub struct Connection;

impl Feature for Connection {
    fn api() -> impl OpenApi {
        api::ConnectionApi
    }
}

/// The redirect URI to register with Spotify, or why there is none. The root hands this to the routes as request data.
#[derive(Clone)]
pub struct RedirectUri(pub Arc<Result<Url, String>>);
