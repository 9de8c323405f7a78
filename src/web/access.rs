//! Authorization: the scope that each request needs, and whether the caller has it. This step comes before the response cache
//! and before the body is read. What no list below names is closed.

use super::host::{IsLocal, is_change};
use super::peer::PeerPolicy;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::features::access::{SESSION_COOKIE, SET_UP, SIGN_IN, SIGN_OUT};
use crate::html::layout::{Layout, SETTINGS};
use crate::http::body::drain;
use crate::http::{LibraryVersion, cookie};
use crate::owner::{Caller, Identities, Proof, Scope, View, Who};
use crate::spotify::CALLBACK;
use poem::http::{HeaderValue, Method, header};
use poem::web::Redirect;
use poem::{Endpoint, IntoResponse, Request, Response};
use std::sync::Arc;
use std::time::Duration;
use url::form_urlencoded;

/// Open to all. The documents, the assets and the health checks are not behind this step.
const OPEN: [&str; 3] = [SIGN_IN, SIGN_OUT, SET_UP];

/// For the owner alone, with everything below.
const ADMIN: [&str; 8] = [
    SETTINGS,
    CALLBACK,
    "/api/connection",
    "/api/sessions",
    "/api/tokens",
    "/api/export",
    "/api/library",
    "/api/log",
];

/// Not open to all, not even with `PUBLIC_READ`, with everything below: metrics, and questions to payloads.
const NEVER_PUBLIC: [&str; 3] = ["/metrics", "/payload", "/api/payload"];

/// The deadline for looking up who asks. The response has its own.
const DEADLINE: Duration = Duration::from_millis(1500);
/// The longest address that the sign-in leads back to.
const MAX_NEXT: usize = 2048;

/// The scope that a request needs; `None` if it is open to all.
pub fn needed_scope(method: &Method, path: &str) -> Option<Scope> {
    match method {
        _ if OPEN.contains(&path) => None,
        _ if is_below(path, &ADMIN) => Some(Scope::Admin),
        method if is_change(method) => Some(Scope::Write),
        _ => Some(Scope::Read),
    }
}

fn is_below(path: &str, roots: &[&str]) -> bool {
    roots.iter().any(|root| {
        let rest = path.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[derive(Clone)]
pub struct Access {
    identities: Identities,
    peers: PeerPolicy,
    database: Database,
    clock: Clock,
    layout: Layout,
    is_public: bool,
    is_read_only: bool,
}

impl Access {
    pub fn new(
        config: &Config,
        peers: PeerPolicy,
        database: &Database,
        clock: &Clock,
        layout: &Layout,
    ) -> Self {
        let is_read_only = config.access.read_only;
        Self {
            identities: Identities::new(database.clone(), clock.clone(), is_read_only),
            peers,
            database: database.clone(),
            clock: clock.clone(),
            layout: layout.clone(),
            is_public: config.access.public_read,
            is_read_only,
        }
    }

    pub async fn apply<E: Endpoint>(
        self,
        endpoint: Arc<E>,
        mut request: Request,
    ) -> poem::Result<Response> {
        let admitted = self.admit(&request);
        let admitted = match self.database.within(DEADLINE, admitted).await {
            Ok(Ok(admitted)) => admitted,
            Ok(Err(elsewhere)) => {
                drain(&mut request).await;
                return Ok(elsewhere.into_response());
            }
            Err(error) => {
                drain(&mut request).await;
                return Err(error.into());
            }
        };
        let cache_control = cache_control(&request, &admitted);
        request.set_data(self.layout.of_view(admitted.view));
        request.set_data(admitted.caller);
        request.set_data(admitted.view);
        request.set_data(admitted.version);
        let mut response = endpoint.call(request).await?.into_response();
        if let Some(value) = cache_control {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(header::CACHE_CONTROL, value);
        }
        Ok(response)
    }

    /// Admits a request, or redirects it.
    async fn admit(&self, request: &Request) -> Result<Result<Admitted, Redirect>> {
        let (method, path) = (request.method(), request.uri().path());
        let connects = path == CALLBACK;
        if self.is_read_only && (connects || is_change(method)) {
            return Err(Error::NotAllowed(
                "This server is read only: nothing can be changed, and nobody can sign in.".into(),
            ));
        }
        let version = LibraryVersion::read(&self.database, &self.clock).await?;
        let who = self.who(request, &version).await?;
        if is_change(method) && matches!(who, Who::Session { .. }) && !names_origin(request) {
            return Err(Error::NotAllowed(
                "With a session a request must say where it comes from, in Origin or Sec-Fetch-Site. Programs use an \
                 API token instead."
                    .into(),
            ));
        }
        let view = match needed_scope(method, path) {
            None => View::Owner,
            Some(scope) if who.may(scope) => View::Owner,
            Some(Scope::Read) if self.is_public_for(&who, path) => View::Public,
            Some(scope) => return self.refuse(request, &who, scope, &version).await.map(Err),
        };
        let caller = Caller {
            who,
            address: self.peers.address(request),
            is_https: self.peers.is_https(request),
            is_read_only: self.is_read_only,
        };
        Ok(Ok(Admitted {
            caller,
            view,
            version,
        }))
    }

    /// A wrong token is an error, where no token would do.
    fn is_public_for(&self, who: &Who, path: &str) -> bool {
        self.is_public && *who != Who::Stranger && !is_below(path, &NEVER_PUBLIC)
    }

    async fn who(&self, request: &Request, version: &LibraryVersion) -> Result<Who> {
        let headers = request.headers();
        // A proxy may ask for a password of its own, by the scheme Basic.
        let token = headers.get(header::AUTHORIZATION).and_then(bearer);
        let is_https = self.peers.is_https(request);
        let proof = match (token, cookie(headers, SESSION_COOKIE, is_https)) {
            (Some(token), _) => Proof::Token(token),
            (None, Some(secret)) => Proof::Session(secret),
            (None, None) => Proof::Nothing,
        };
        let who = self.identities.who(proof, &version.token).await?;
        let IsLocal(is_local) = request.data().copied().unwrap_or(IsLocal(false));
        if who == Who::Nobody && is_local && !self.identities.has_owner(&version.token).await? {
            return Ok(Who::Local);
        }
        Ok(who)
    }

    /// An operation is refused. A page leads to the one that lets the owner in, and from there back.
    async fn refuse(
        &self,
        request: &Request,
        who: &Who,
        scope: Scope,
        version: &LibraryVersion,
    ) -> Result<Redirect> {
        let path = request.uri().path();
        if let Who::Token { scopes, .. } = who {
            return Err(Error::NotAllowed(format!(
                "This needs a token with the scope {}; this one has {}.",
                scope.word(),
                scopes.join(", ")
            )));
        }
        if is_below(path, &["/api"]) {
            return Err(Error::NoProof(match who {
                Who::Stranger => "This token is not valid: it is mistyped, expired or revoked. Make another one on the page /settings/access.".into(),
                _ => format!("This needs an API token with the scope {}, or a session. Tokens are made on the page /settings/access, and sent as Authorization: Bearer.", scope.word()),
            }));
        }
        if !self.identities.has_owner(&version.token).await? {
            return Ok(Redirect::see_other(SET_UP));
        }
        let next = match (is_change(request.method()), request.uri().path_and_query()) {
            (false, Some(target)) if target.as_str().len() <= MAX_NEXT => target.as_str(),
            _ => "/",
        };
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        Ok(Redirect::see_other(format!("{SIGN_IN}?next={next}")))
    }
}

/// A request that may go on.
struct Admitted {
    caller: Caller,
    view: View,
    version: LibraryVersion,
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a browser says which site sent the request. That it is this one was checked before.
fn names_origin(request: &Request) -> bool {
    let headers = request.headers();
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

/// Browsers do not store a private page. Programs may store a private answer for themselves, and revalidate it.
fn cache_control(request: &Request, admitted: &Admitted) -> Option<&'static str> {
    let path = request.uri().path();
    match admitted.caller.who.has_proof() && admitted.view == View::Owner {
        _ if OPEN.contains(&path) || is_below(path, &[SETTINGS]) => Some("no-store"),
        true if is_below(path, &["/api"]) => Some("private, no-cache"),
        true => Some("no-store"),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_needs_its_scope() {
        let needed = |method: &str, path| {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            needed_scope(&method, path).map(Scope::word)
        };

        assert_eq!(needed("GET", "/sign-in"), None);
        assert_eq!(needed("POST", "/set-up"), None);
        assert_eq!(needed("GET", "/sign-in/more"), Some("read"));
        assert_eq!(needed("GET", "/dashboard"), Some("read"));
        assert_eq!(needed("HEAD", "/api/summary"), Some("read"));
        assert_eq!(needed("PUT", "/api/tracks/1"), Some("write"));
        assert_eq!(needed("POST", "/api/captures"), Some("write"));
        assert_eq!(needed("BREW", "/dashboard"), Some("write"));
        assert_eq!(needed("GET", "/settings"), Some("admin"));
        assert_eq!(needed("GET", "/settings/access"), Some("admin"));
        assert_eq!(needed("GET", "/settingsx"), Some("read"));
        assert_eq!(needed("GET", "/api/tokens"), Some("admin"));
        assert_eq!(needed("DELETE", "/api/tokens/1"), Some("admin"));
        assert_eq!(needed("GET", "/spotify/callback"), Some("admin"));
        assert_eq!(needed("DELETE", "/api/library"), Some("admin"));
    }
}
