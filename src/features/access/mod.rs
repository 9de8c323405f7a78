//! Access: the pages for signing in and setting up, sessions, API tokens, and the password.

mod api;
mod body;
mod browser;
mod forms;
mod page;
mod query;

use super::{Feature, Pages};
use crate::html::layout::NavigationEntry;
use poem::{get, post};
use poem_openapi::OpenApi;
use std::sync::Arc;

/// The name of the cookie of a session, without the prefix that it has over https.
pub const SESSION_COOKIE: &str = "session";

pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const SET_UP: &str = "/set-up";
/// The page of the settings.
pub const PATH: &str = "/settings/access";

/// The settings that the pages depend on. The root hands this to the routes as request data.
#[derive(Clone)]
pub struct Setup {
    /// Whether `OWNER_PASSWORD` is set.
    pub has_password_setting: bool,
    pub is_read_only: bool,
    /// The whole address of the page for setting up.
    pub set_up_address: Arc<str>,
}

pub struct Access;

impl Feature for Access {
    const SETTINGS: Option<NavigationEntry> = Some(NavigationEntry {
        path: PATH,
        name: "Access",
    });

    fn api() -> impl OpenApi {
        (api::TokensApi, api::SessionsApi)
    }

    /// None of them is kept: they are for one caller.
    fn pages(routes: Pages) -> Pages {
        routes
            .at(SIGN_IN, get(page::sign_in).post(forms::sign_in))
            .at(SIGN_OUT, post(forms::sign_out))
            .at(SET_UP, get(page::set_up).post(forms::set_up))
            .at(PATH, get(page::show))
            .at("/settings/access/password", post(forms::new_password))
            .at("/settings/access/tokens", post(forms::create_token))
            .at("/settings/access/tokens/revoke", post(forms::revoke_token))
            .at("/settings/access/sessions/end", post(forms::end_session))
            .at(
                "/settings/access/sessions/end-others",
                post(forms::end_others),
            )
    }
}
