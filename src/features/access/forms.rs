//! The forms that let the owner in and out, and those of the settings page. They have no tokens: the root refuses what a
//! page of another site sends.

mod door;
mod settings;

pub use door::{set_up, sign_in, sign_out};
pub use settings::{create_token, end_others, end_session, new_password, revoke_token};

use super::{SESSION_COOKIE, Setup};
use crate::clock::Clock;
use crate::config::Secret;
use crate::db::Database;
use crate::error::Result as DatabaseResult;
use crate::html::layout::Layout;
use crate::http::set_cookie;
use crate::owner::{Attempts, Caller, Log, Passwords};
use crate::store::owner::{self, LIFETIME_DAYS, NewSession, create_session};
use entity::log_entry::Event;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::web::Redirect;
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response, Result};
use std::time::{Duration, Instant};
use url::Url;

/// The parts of a request that the forms use.
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
