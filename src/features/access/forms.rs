//! The forms that let the owner in and out, and those of the settings page. They have no tokens: the root refuses what a
//! page of another site sends.

use super::page::{self, Problem, View};
use super::{PATH, SESSION_COOKIE, SET_UP, SIGN_IN, Setup, browser};
use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result as DatabaseResult;
use crate::html::layout::Layout;
use crate::http::set_cookie;
use crate::owner::{
    Attempts, Caller, Log, MAX_TOKEN_NAME, Passwords, Scope, Scopes, new_token, rule,
};
use crate::store::owner::{
    self, LIFETIME_DAYS, NewSession, change_password, create_session, delete_token,
    end_other_sessions,
};
use entity::log_entry::Event;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::web::{Form, Redirect};
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response, Result, handler};
use serde::Deserialize;
use std::time::{Duration, Instant};
use url::Url;

/// What the forms need of a request.
pub struct Context<'a> {
    pub database: &'a Database,
    pub clock: &'a Clock,
    pub caller: &'a Caller,
    pub layout: &'a Layout,
    pub setup: &'a Setup,
    passwords: &'a Passwords,
    attempts: &'a Attempts,
    headers: &'a HeaderMap,
    log: Log,
}

impl<'a> FromRequest<'a> for Context<'a> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        fn data<T: Send + Sync + 'static>(request: &Request) -> &T {
            request.data().expect("the root sets it")
        }
        Ok(Self {
            database: data(request),
            clock: data(request),
            caller: data(request),
            layout: data(request),
            setup: data(request),
            passwords: data(request),
            attempts: data(request),
            headers: request.headers(),
            log: Log::from_request(request, body).await?,
        })
    }
}

impl Context<'_> {
    /// Whether a password is the owner's, with its hash.
    async fn verify(&self, password: Secret) -> DatabaseResult<Result<String, Wrong>> {
        if let Err(wait) = self.attempts.begin(self.caller.address, Instant::now()) {
            return Ok(Err(Wrong::TooMany(wait)));
        }
        let Some(owner) = owner::owner(&self.database.read()).await? else {
            return Ok(Err(Wrong::Password));
        };
        let hash = owner.password_hash;
        if self.passwords.verify(password, hash.clone()).await? {
            self.attempts.succeeded(self.caller.address);
            return Ok(Ok(hash));
        }
        self.log.record(Event::SignInFailed, "").await;
        Ok(Err(Wrong::Password))
    }

    /// A response that signs the browser in. `None` if the password was changed meanwhile.
    async fn signed_in(&self, password_hash: &str, next: &str) -> Result<Option<Response>> {
        let user_agent = self.headers.get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok());
        let new = NewSession {
            password_hash,
            user_agent: user_agent.unwrap_or_default(),
            address: &self.caller.address.to_string(),
            now: self.clock.now(),
        };
        let secret = create_session(self.database, new, self.caller.session_id()).await?;
        Ok(secret.map(|secret| {
            let seconds = LIFETIME_DAYS * 24 * 60 * 60;
            self.to(next, secret.expose(), seconds)
        }))
    }

    /// Leads on, and sets the cookie of the session for so long.
    fn to(&self, address: &str, secret: &str, seconds: i64) -> Response {
        let cookie = set_cookie(SESSION_COOKIE, secret, seconds, self.caller.is_https);
        Redirect::see_other(address)
            .with_header(header::SET_COOKIE, cookie)
            .into_response()
    }
}

/// Why a password does not count.
enum Wrong {
    Password,
    /// The next try counts after so long.
    TooMany(Duration),
}

impl Wrong {
    fn sentence(&self) -> String {
        match self {
            Self::Password => "That is not the password.".to_owned(),
            Self::TooMany(wait) => format!(
                "That was tried too often from here. The next try counts in {} seconds.",
                seconds(*wait)
            ),
        }
    }

    fn respond(&self, status: StatusCode, page: impl IntoResponse) -> Response {
        let mut response = page.into_response();
        response.set_status(status);
        match self {
            Self::Password => {
                let scheme = HeaderValue::from_static("Bearer");
                if status == StatusCode::UNAUTHORIZED {
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, scheme);
                }
            }
            Self::TooMany(wait) => {
                response.set_status(StatusCode::TOO_MANY_REQUESTS);
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, seconds(*wait).into());
            }
        }
        response
    }
}

/// Whole seconds, after which the time has passed.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[handler]
pub async fn sign_in(context: Context<'_>, Form(form): Form<SignInForm>) -> Result<Response> {
    if owner::owner(&context.database.read()).await?.is_none() {
        return Ok(Redirect::see_other(SET_UP).into_response());
    }
    let next = own_address(&form.next);
    let wrong = match context.verify(Secret::new(form.password)).await? {
        Ok(hash) => match context.signed_in(&hash, &next).await? {
            Some(response) => {
                context.log.record(Event::SignedIn, "").await;
                return Ok(response);
            }
            None => Wrong::Password,
        },
        Err(wrong) => wrong,
    };
    let page = page::sign_in_page(context.layout, &next, Some(&wrong.sentence()));
    Ok(wrong.respond(StatusCode::UNAUTHORIZED, page))
}

#[handler]
pub async fn sign_out(context: Context<'_>) -> Result<Response> {
    if let Some(session_id) = context.caller.session_id() {
        owner::end_session(context.database, session_id).await?;
        context.log.record(Event::SignedOut, "").await;
    }
    Ok(context.to(SIGN_IN, "", 0))
}

#[derive(Deserialize)]
pub struct SetUpForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

#[handler]
pub async fn set_up(context: Context<'_>, Form(form): Form<SetUpForm>) -> Result<Response> {
    if owner::owner(&context.database.read()).await?.is_some() {
        return Ok(Redirect::see_other(SIGN_IN).into_response());
    }
    let refused = |problem: Problem, status| {
        let page = page::set_up_page(context.layout, &form.token, Some(&problem));
        Ok(page.with_status(status).into_response())
    };
    let password = Secret::new(form.password.clone());
    if let Some(reason) = rule(&password) {
        let problem = Problem::new("password", reason);
        return refused(problem, StatusCode::BAD_REQUEST);
    }
    if let Err(wait) = context
        .attempts
        .begin(context.caller.address, Instant::now())
    {
        let wrong = Wrong::TooMany(wait);
        let problem = Problem::new("token", wrong.sentence());
        let page = page::set_up_page(context.layout, &form.token, Some(&problem));
        return Ok(wrong.respond(StatusCode::TOO_MANY_REQUESTS, page));
    }
    let hash = context.passwords.hash(password).await?;
    let token = Secret::new(form.token.trim());
    if !owner::set_up(context.database, &token, &hash, context.clock.now()).await? {
        let reason = "That is not a token of the log, or it has expired. If there is no newer one in the log, load this page again.";
        return refused(Problem::new("token", reason), StatusCode::FORBIDDEN);
    }
    context.log.record(Event::SetUp, "token from the log").await;
    let response = context.signed_in(&hash, "/dashboard").await?;
    Ok(response.unwrap_or_else(|| Redirect::see_other(SIGN_IN).into_response()))
}

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new_password: String,
}

#[handler]
pub async fn new_password(
    context: Context<'_>,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    if context.setup.has_password_setting {
        let problem = Problem::new(
            "password",
            "OWNER_PASSWORD is set, and is the only password.",
        );
        return refused(&context, problem, StatusCode::CONFLICT).await;
    }
    let new = Secret::new(form.new_password);
    if let Some(reason) = rule(&new) {
        let problem = Problem::new("new_password", reason);
        return refused(&context, problem, StatusCode::BAD_REQUEST).await;
    }
    let verified = context.verify(Secret::new(form.password)).await?;
    let changed = match &verified {
        Ok(old) => {
            let new = context.passwords.hash(new).await?;
            let hashes = (old.as_str(), new.as_str());
            let ended = change_password(context.database, hashes, context.clock.now()).await?;
            ended.map(|ended| (new, ended))
        }
        Err(_) => None,
    };
    let Some((hash, ended)) = changed else {
        let wrong = verified.err().unwrap_or(Wrong::Password);
        let problem = Problem::new("password", wrong.sentence());
        let page = refused(&context, problem, StatusCode::FORBIDDEN).await?;
        return Ok(wrong.respond(StatusCode::FORBIDDEN, page));
    };
    let detail = format!("sessions ended: {ended}");
    context.log.record(Event::PasswordChanged, &detail).await;
    let done = format!("{PATH}?notice=password");
    // A token may change the password too, and gets no session.
    if context.caller.session_id().is_none() {
        return Ok(Redirect::see_other(done).into_response());
    }
    let response = context.signed_in(&hash, &done).await?;
    Ok(response.unwrap_or_else(|| Redirect::see_other(SIGN_IN).into_response()))
}

async fn refused(context: &Context<'_>, problem: Problem, status: StatusCode) -> Result<Response> {
    let view = View::load(context).await?.with_problem(problem);
    let page = page::settings_page(context.layout, &view);
    Ok(page.with_status(status).into_response())
}

/// The new token is on the page of the answer alone.
#[handler]
pub async fn create_token(
    context: Context<'_>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let values = |name: &str| {
        let fields = fields.iter().filter(move |(other, _)| other == name);
        fields.map(|(_, value)| value.trim()).collect::<Vec<_>>()
    };
    let name = values("name").concat();
    let scopes = values("scopes").into_iter().filter_map(Scope::of_word);
    let scopes = Scopes::new(scopes);
    let days = match values("expires_in_days").first().copied() {
        Some("never") => None,
        Some("365") => Some(365),
        _ => Some(90),
    };
    let problem = match name.chars().count() {
        0 => Some(Problem::new("name", "Give it a name.")),
        1..=MAX_TOKEN_NAME if scopes.as_slice().is_empty() => {
            Some(Problem::new("scopes", "Choose at least one."))
        }
        1..=MAX_TOKEN_NAME => None,
        _ => Some(Problem::new(
            "name",
            format!("It may have {MAX_TOKEN_NAME} characters at most."),
        )),
    };
    if let Some(problem) = problem {
        return refused(&context, problem, StatusCode::BAD_REQUEST).await;
    }
    let (row, token) = new_token(&context.log, name, &scopes, days).await?;
    let view = View::load(&context).await?.with_new_token(row.name, token);
    Ok(page::settings_page(context.layout, &view).into_response())
}

#[derive(Deserialize)]
pub struct IdForm {
    #[serde(default)]
    id: String,
}

#[handler]
pub async fn revoke_token(context: Context<'_>, Form(form): Form<IdForm>) -> Result<Redirect> {
    let row = delete_token(context.database, &form.id).await?;
    context.log.record(Event::TokenRevoked, &row.name).await;
    Ok(Redirect::see_other(format!("{PATH}?notice=revoked")))
}

/// Nothing is to be done for a session that has ended meanwhile.
#[handler]
pub async fn end_session(context: Context<'_>, Form(form): Form<IdForm>) -> Result<Redirect> {
    if let Some(row) = owner::end_session(context.database, &form.id).await? {
        let browser = browser::name(&row.user_agent);
        context.log.record(Event::SessionEnded, &browser).await;
    }
    Ok(Redirect::see_other(format!("{PATH}?notice=ended")))
}

#[handler]
pub async fn end_others(context: Context<'_>) -> Result<Redirect> {
    let kept = context.caller.session_id();
    let ended = end_other_sessions(context.database, kept).await?;
    let detail = format!("all others: {ended}");
    context.log.record(Event::SessionEnded, &detail).await;
    Ok(Redirect::see_other(format!("{PATH}?notice=ended")))
}

/// An address of this program, as path and query; the dashboard for any other.
pub fn own_address(next: &str) -> String {
    let base = Url::parse("http://own.invalid").expect("a URL");
    let url = base.join(next).ok();
    let own = url.filter(|url| next.starts_with('/') && url.origin() == base.origin());
    let target =
        own.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned());
    // Without its dots `/.//example.org` is an address of another site.
    match target.filter(|target| !target.starts_with("//")) {
        Some(target) => target,
        None => "/dashboard".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_program_are_led_to() {
        assert_eq!(own_address("/search?q=a%20b"), "/search?q=a%20b");
        for other in [
            "",
            "https://example.org/",
            "//example.org/",
            "/\\example.org",
            "/.//example.org",
            "/..//example.org",
            "/x/..//example.org",
            "/%2e//example.org",
            "/\t/example.org",
            "javascript:alert(1)",
            "dashboard",
        ] {
            assert_eq!(own_address(other), "/dashboard", "{other:?}");
        }
    }
}
