//! The response cache. A route says that its responses may be kept: [`kept`] for an operation, [`kept_page`] for a
//! page, [`constant`] for what is part of the program. All other responses are computed for each request.
//!
//! A kept response is used while the change token of the database and the date are those read before it was computed.
//! It belongs to one of two views, the owner's or the public's, and depends on nothing else of the caller.
//! Concurrent requests for one key share one computation. A request that arrives after the token changed waits
//! for the next.

mod response;

use crate::clock::Clock;
use crate::db::{ChangeToken, Database};
use crate::http::coding::Preferences;
use crate::owner::View;
use chrono::NaiveDate;
use poem::http::Method;
use poem::{Endpoint, IntoResponse, PathPattern, Request, Response};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use response::{KeptResponse, NotKept};
use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;
use url::form_urlencoded;

/// Memory for responses to requests with parameters.
const CAPACITY_BYTES: u64 = 16 << 20;

/// May be kept: the response depends on the path, the query, the library and the date alone. The API has
/// refused unknown parameters before.
pub fn kept<E: Endpoint>(endpoint: E) -> Kept<E> {
    Kept {
        endpoint,
        lifetime: Lifetime::Library,
        parameters: None,
    }
}

/// The same for a page with these query parameters. All others are ignored.
pub fn kept_page<E: Endpoint>(parameters: &'static [&'static str], endpoint: E) -> Kept<E> {
    Kept {
        parameters: Some(parameters),
        ..kept(endpoint)
    }
}

/// May be kept as long as the program runs. The query is ignored, and the database is not needed.
pub fn constant<E: Endpoint>(endpoint: E) -> Kept<E> {
    Kept {
        lifetime: Lifetime::Program,
        ..kept_page(&[], endpoint)
    }
}

pub struct Kept<E> {
    endpoint: E,
    lifetime: Lifetime,
    /// `None`: all.
    parameters: Option<&'static [&'static str]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    /// Until the library or the date changes.
    Library,
    Program,
}

/// All kept responses. The root hands it to the routes as request data.
#[derive(Clone)]
pub struct ResponseCache(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    /// Responses of routes without parameters. There are as many as routes, so requests with parameters cannot evict
    /// them.
    without_parameters: Cache<String, Entry>,
    with_parameters: Cache<String, Entry, Size>,
    /// Held by the request that computes a response. The keys are hashes, because paths may be long.
    computing: Cache<u64, Arc<Mutex<()>>>,
    hasher: RandomState,
}

type Entry = Arc<KeptResponse>;

/// The state of the library and the date on which a response depends; `None` for [`constant`].
type Version = Option<(ChangeToken, NaiveDate)>;

/// The state of the library when a request came. What reads it first hands it on as request data.
#[derive(Clone)]
pub struct LibraryVersion {
    /// Before the rest was read.
    pub asked_at: Instant,
    pub token: ChangeToken,
    pub today: NaiveDate,
}

impl LibraryVersion {
    pub async fn read(database: &Database, clock: &Clock) -> crate::error::Result<Self> {
        let asked_at = Instant::now();
        // The date first: it must not be later than the data.
        let today = clock.today();
        let token = database.change_token().await?;
        Ok(Self {
            asked_at,
            token,
            today,
        })
    }
}

#[derive(Clone)]
struct Size;

impl Weighter<String, Entry> for Size {
    fn weight(&self, key: &String, entry: &Entry) -> u64 {
        (key.len() + entry.size_bytes()) as u64
    }
}

impl ResponseCache {
    pub fn new(database: Database, clock: Clock) -> Self {
        // One shard: each of several shards could hold only responses of its own share of the capacity.
        let options = OptionsBuilder::new()
            .shards(1)
            .estimated_items_capacity(1000)
            .weight_capacity(CAPACITY_BYTES)
            .build()
            .expect("the capacities are set");
        let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        Self(Arc::new(Inner {
            database,
            clock,
            without_parameters: Cache::new(1000),
            with_parameters: Cache::with_options(options, Size, hasher, lifecycle),
            computing: Cache::new(1000),
            hasher: RandomState::new(),
        }))
    }

    fn get(&self, key: &Key) -> Option<Entry> {
        match key.has_parameters {
            true => self.0.with_parameters.get(&key.text),
            false => self.0.without_parameters.get(&key.text),
        }
    }

    fn insert(&self, key: Key, entry: Entry) {
        match key.has_parameters {
            true => self.0.with_parameters.insert(key.text, entry),
            false => self.0.without_parameters.insert(key.text, entry),
        }
    }

    async fn version(&self, lifetime: Lifetime) -> poem::Result<Version> {
        let Inner {
            database, clock, ..
        } = &*self.0;
        Ok(match lifetime {
            Lifetime::Program => None,
            Lifetime::Library => {
                let version = LibraryVersion::read(database, clock).await?;
                Some((version.token, version.today))
            }
        })
    }
}

/// The view, and the path with the normalized query: known parameters only, sorted, in one encoding.
struct Key {
    text: String,
    has_parameters: bool,
}

impl Key {
    fn of(request: &Request, parameters: Option<&[&str]>) -> Self {
        let is_known = |name: &str| parameters.is_none_or(|known| known.contains(&name));
        let query = request.uri().query().unwrap_or_default();
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| is_known(name))
            .collect();
        // A stable sort by name: the order of the values of one name may matter.
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut text = match request.data::<View>() {
            Some(View::Public) => "public ".to_owned(),
            Some(View::Owner) | None => String::new(),
        };
        text += request.original_uri().path();
        if !pairs.is_empty() {
            text.push('?');
            text += &form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs)
                .finish();
        }
        let pattern = request.data::<PathPattern>();
        let in_path = pattern.is_none_or(|pattern| pattern.0.contains([':', '*']));
        Self {
            text,
            has_parameters: in_path || !pairs.is_empty(),
        }
    }
}

impl<E: Endpoint> Endpoint for Kept<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if *request.method() != Method::GET {
            let response = self.endpoint.call(request).await;
            return response.map(IntoResponse::into_response);
        }
        let preferences = Preferences::of(request.headers());
        // The endpoint gets no headers, so its response cannot depend on any.
        request.headers_mut().clear();
        match self.response(request).await {
            Ok(kept) => Ok(kept.respond(&preferences)),
            Err(NotKept::Response(response)) => Ok(response),
            Err(NotKept::Failed(error)) => Err(error),
        }
    }
}

impl<E: Endpoint> Kept<E> {
    async fn response(&self, request: Request) -> Result<Entry, NotKept> {
        let cache: &ResponseCache = request.data().expect("the root sets it");
        let cache = cache.clone();
        let (asked_at, version) = match (self.lifetime, request.data::<LibraryVersion>()) {
            (Lifetime::Library, Some(read)) => {
                (read.asked_at, Some((read.token.clone(), read.today)))
            }
            _ => (Instant::now(), cache.version(self.lifetime).await?),
        };
        let key = Key::of(&request, self.parameters);
        if let Some(kept) = cache.get(&key).filter(|kept| kept.version == version) {
            return Ok(kept);
        }
        // Boxed: the future is large and seldom needed.
        Box::pin(self.compute_once(&cache, key, request, (asked_at, version))).await
    }

    /// Computes the response, unless another request does so meanwhile.
    async fn compute_once(
        &self,
        cache: &ResponseCache,
        key: Key,
        request: Request,
        (asked_at, version): (Instant, Version),
    ) -> Result<Entry, NotKept> {
        let hash = cache.0.hasher.hash_one(&key.text);
        let lock = cache
            .0
            .computing
            .get_or_insert_with(&hash, || Ok::<_, Infallible>(Arc::default()));
        let lock = lock.unwrap_or_else(|never| match never {});
        let (_lock, read) = match lock.try_lock() {
            Ok(guard) => (guard, Some((asked_at, version))),
            Err(_) => (lock.lock().await, None),
        };
        let kept = cache.get(&key);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.valid_at >= asked_at) {
            return Ok(kept.clone());
        }
        let (valid_at, version) = match read {
            Some(read) => read,
            // Read again, so that the response is valid for all requests that wait now.
            None => (Instant::now(), cache.version(self.lifetime).await?),
        };
        let entry = match kept.filter(|kept| kept.version == version) {
            Some(kept) => Arc::new(kept.valid_again(valid_at)),
            None => {
                let response = self.endpoint.call(request).await?.into_response();
                Arc::new(KeptResponse::of(response, version, valid_at).await?)
            }
        };
        cache.insert(key, entry.clone());
        Ok(entry)
    }
}

#[cfg(test)]
mod tests;
