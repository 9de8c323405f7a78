//! The requests that change the connection. Each leads back to the page, with a word in the address that says how it went.

use super::consent::{Problem, Steps};
use super::{PATH, RedirectUri, Setup};
use crate::capture::Capturer;
use crate::clock::Clock;
use crate::config::{Secret, client_id, is_loopback};
use crate::db::Database;
use crate::http::{cookie, set_cookie};
use crate::owner::{Caller, Log};
use crate::secrets::random;
use crate::spotify::Callback;
use crate::store::connection::{AUTHORIZATION_MINUTES, State, connection, forget};
use entity::log_entry::Event;
use poem::http::{HeaderMap, HeaderValue, Uri, header};
use poem::web::{Data, Form, Redirect};
use poem::{IntoResponse, Response, Result, handler};
use serde::Deserialize;
use url::{Url, form_urlencoded};

/// The page that shows how the lists of today come in.
const TO_LISTS: &str = "/settings/spotify?lists=today";

/// Characters of a client id that was typed and is shown again.
const MAX_TYPED: usize = 128;

/// The cookie of a browser that begins to connect.
const COOKIE: &str = "authorization";

#[derive(Deserialize)]
pub struct ConnectForm {
    #[serde(default)]
    client_id: String,
    /// The browser cannot reach the redirect URI, and the owner will paste the address.
    #[serde(default)]
    stay: bool,
}

#[handler]
pub async fn connect(
    Form(form): Form<ConnectForm>,
    headers: &HeaderMap,
    database: Data<&Database>,
    clock: Data<&Clock>,
    capturer: Data<&Capturer>,
    redirect_uri: Data<&RedirectUri>,
    setup: Data<&Setup>,
    caller: Data<&Caller>,
) -> Result<Response> {
    let typed = setup.0.0.client_id.as_ref().unwrap_or(&form.client_id);
    let refused = |problem| Ok(with_problem(problem, typed));
    let Ok(redirect_uri) = redirect_uri.0.0.as_ref() else {
        return refused(Problem::NoRedirectUri);
    };
    let Ok(client_id) = client_id(typed) else {
        return refused(Problem::ClientId);
    };
    let is_its_host = is_host_of(redirect_uri, headers);
    if !form.stay && !is_its_host {
        return match is_loopback(redirect_uri) {
            true => Ok(Redirect::see_other(moved(redirect_uri, &client_id)).into_response()),
            false => refused(Problem::OtherHost),
        };
    }
    // All tabs of a browser have the same, so that what was begun in another one stays valid.
    let browser = browser(headers, &caller).unwrap_or_else(random);
    let steps = steps(&database, &clock, &capturer);
    let begun = steps.begin(client_id, redirect_uri.clone(), &browser);
    match begun.await? {
        Ok(url) => {
            let seconds = AUTHORIZATION_MINUTES * 60;
            let cookie = set_cookie(COOKIE, browser.expose(), seconds, caller.is_https);
            Ok(Redirect::see_other(url)
                .with_header(header::SET_COOKIE, cookie)
                .into_response())
        }
        Err(problem) => refused(problem),
    }
}

/// The value of the cookie that the browser sends, if it has the form of [`random`].
fn browser(headers: &HeaderMap, caller: &Caller) -> Option<Secret> {
    let value = cookie(headers, COOKIE, caller.is_https)?;
    let is_random = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (value.len() == 43 && value.bytes().all(is_random)).then(|| Secret::new(value))
}

/// Whether a request was sent to the host and port of the redirect URI, so that its cookies come back there.
fn is_host_of(redirect_uri: &Url, headers: &HeaderMap) -> bool {
    let host = redirect_uri.host_str().unwrap_or_default();
    let authority = match redirect_uri.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let sent_to = headers.get(header::HOST).map(HeaderValue::as_bytes);
    sent_to.is_some_and(|sent_to| sent_to.eq_ignore_ascii_case(authority.as_bytes()))
}

/// The page under the host of the redirect URI, with the form filled in.
fn moved(redirect_uri: &Url, client_id: &str) -> String {
    let mut url = redirect_uri.clone();
    url.set_path(PATH);
    url.query_pairs_mut()
        .append_pair("notice", "moved")
        .append_pair("client_id", client_id);
    url.into()
}

/// The redirect URI.
#[handler]
pub async fn called_back(
    uri: &Uri,
    headers: &HeaderMap,
    database: Data<&Database>,
    clock: Data<&Clock>,
    capturer: Data<&Capturer>,
    caller: Data<&Caller>,
    log: Log,
) -> Result<Response> {
    let callback = Callback::of_query(uri.query().unwrap_or_default());
    let steps = steps(&database, &clock, &capturer);
    finish(
        steps,
        callback.ok_or(Problem::NotBegun),
        browser(headers, &caller),
        log,
    )
    .await
}

#[derive(Deserialize)]
pub struct PastedForm {
    #[serde(default)]
    address: String,
}

#[handler]
pub async fn pasted(
    Form(form): Form<PastedForm>,
    headers: &HeaderMap,
    database: Data<&Database>,
    clock: Data<&Clock>,
    capturer: Data<&Capturer>,
    caller: Data<&Caller>,
    log: Log,
) -> Result<Response> {
    let callback = Callback::of_pasted(&form.address);
    let steps = steps(&database, &clock, &capturer);
    finish(
        steps,
        callback.ok_or(Problem::NotAnAddress),
        browser(headers, &caller),
        log,
    )
    .await
}

/// After connecting, the first lists are taken while the owner watches. It goes on when the browser goes away: the code is
/// valid once.
async fn finish(
    steps: Steps,
    callback: std::result::Result<Callback, Problem>,
    browser: Option<Secret>,
    log: Log,
) -> Result<Response> {
    let callback = match callback {
        Ok(callback) => callback,
        Err(problem) => return Ok(with_problem(problem, "")),
    };
    let task = tokio::spawn(async move {
        let finished = steps.finish(callback, browser).await;
        if let Ok(Ok(account_name)) = &finished {
            steps.capturer.take_in_background();
            log.record(Event::SpotifyConnected, account_name).await;
        }
        finished
    });
    Ok(match task.await.expect("connecting does not panic")? {
        Ok(_) => Redirect::see_other(TO_LISTS).into_response(),
        Err((problem, client_id)) => with_problem(problem, &client_id),
    })
}

#[handler]
pub async fn capture(database: Data<&Database>, capturer: Data<&Capturer>) -> Result<Redirect> {
    let db = database.read();
    match connection(&db).await? {
        None => return Ok(Redirect::see_other(format!("{PATH}?notice=not_connected"))),
        // The page says so.
        Some(connection) if connection.state == State::ConsentEnded => {
            return Ok(Redirect::see_other(PATH));
        }
        Some(_) if capturer.is_taking(&db).await? => {}
        Some(_) => capturer.take_in_background(),
    }
    Ok(Redirect::see_other(TO_LISTS))
}

#[handler]
pub async fn disconnect(database: Data<&Database>, log: Log) -> Result<Redirect> {
    forget(&database).await?;
    log.record(Event::SpotifyDisconnected, "").await;
    tracing::info!("disconnected from Spotify");
    Ok(Redirect::see_other(format!("{PATH}?notice=disconnected")))
}

fn steps(database: &Database, clock: &Clock, capturer: &Capturer) -> Steps {
    Steps {
        database: database.clone(),
        clock: clock.clone(),
        capturer: capturer.clone(),
    }
}

/// The page with the client id that was typed.
fn with_problem(problem: Problem, client_id: &str) -> Response {
    let typed: String = client_id.chars().take(MAX_TYPED).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("problem", &problem.word());
    if !typed.is_empty() {
        query.append_pair("client_id", &typed);
    }
    Redirect::see_other(format!("{PATH}?{}", query.finish())).into_response()
}
