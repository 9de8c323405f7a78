//! Which responses are kept, and until when. Each test counts how often a response is computed.

use super::*;
use crate::config::DatabaseUrl;
use crate::db::{Deadlines, Durability};
use chrono::{DateTime, TimeDelta, Utc};
use poem::Body;
use poem::endpoint::make_sync;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{EndpointExt, Route, Server, get};
use std::sync::Mutex as SyncMutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// Routes around an endpoint that counts its calls, on an empty database.
struct Fixture {
    origin: String,
    client: reqwest::Client,
    computed: Arc<AtomicUsize>,
    now: Arc<SyncMutex<DateTime<Utc>>>,
    cache: ResponseCache,
    _folder: TempDir,
}

impl Fixture {
    async fn new(respond: fn() -> Response) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = DatabaseUrl::sqlite(&folder.path().join("test.db"));
        let database = Database::open_sqlite(&url, Deadlines::Request, Durability::None);
        let noon: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().expect("an instant");
        let now = Arc::new(SyncMutex::new(noon));
        let clock = Clock::new(chrono_tz::UTC, {
            let now = now.clone();
            move || *now.lock().expect("no holder panics")
        });
        let cache = ResponseCache::new(database.await.expect("it opens"), clock);
        let computed = Arc::new(AtomicUsize::new(0));
        let endpoint = {
            let computed = computed.clone();
            move || {
                let computed = computed.clone();
                make_sync(move |_| {
                    computed.fetch_add(1, Ordering::SeqCst);
                    respond()
                })
            }
        };
        let routes = Route::new()
            .at("/page", kept_page(&["range"], get(endpoint())))
            .at("/list", kept(get(endpoint())))
            .at("/tracks/:id", kept(get(endpoint())))
            .at("/document", constant(get(endpoint())))
            .data(cache.clone())
            .map_to_response();
        let listener = TcpListener::bind("127.0.0.1:0").into_acceptor().await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().remove(0);
        tokio::spawn(Server::new_with_acceptor(listener).run(routes));
        // `reqwest` has no TLS provider of its own. An error means that another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            origin: format!("http://{}", address.as_socket_addr().expect("an address")),
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            computed,
            now,
            cache,
            _folder: folder,
        }
    }

    async fn get(&self, path: &str) {
        let response = self.client.get(format!("{}{path}", self.origin)).send();
        let response = response.await.expect("it responds");
        assert_eq!(response.status(), 200, "{path}");
        response.bytes().await.expect("a body");
    }

    /// How often a response is computed for these requests.
    async fn computed(&self, paths: &[&str]) -> usize {
        let before = self.computed.load(Ordering::SeqCst);
        for path in paths {
            self.get(path).await;
        }
        self.computed.load(Ordering::SeqCst) - before
    }
}

fn text() -> Response {
    "text".into()
}

#[tokio::test]
async fn a_response_is_computed_once() {
    let fixture = Fixture::new(text).await;

    for path in ["/page", "/list", "/tracks/a", "/document"] {
        assert_eq!(fixture.computed(&[path, path, path]).await, 1, "{path}");
    }
}

#[tokio::test]
async fn the_query_is_normalized() {
    let fixture = Fixture::new(text).await;

    let orders = [
        "/list?a=1&b=%C3%A9",
        "/list?b=%C3%A9&a=1",
        "/list?&b=%c3%a9&&a=1",
    ];
    assert_eq!(fixture.computed(&orders).await, 1);
    assert_eq!(
        fixture.computed(&["/list?a=1&b=2", "/list?a=2&b=1"]).await,
        2
    );
    let unknown = [
        "/page?x=1",
        "/page?y",
        "/page",
        "/document?z=1",
        "/document",
    ];
    assert_eq!(fixture.computed(&unknown).await, 2);
    assert_eq!(
        fixture
            .computed(&["/page?range=a&x=1", "/page?y=2&range=a"])
            .await,
        1
    );
}

#[tokio::test]
async fn a_flood_of_queries_does_not_evict_a_page() {
    let fixture = Fixture::new(|| "x".repeat(2_000).into()).await;
    fixture.get("/page").await;

    for number in 0..9_000 {
        fixture.get(&format!("/list?q={number}")).await;
        fixture.get(&format!("/page?x={number}")).await;
    }

    assert_eq!(fixture.computed(&["/page"]).await, 0);
    assert!(fixture.cache.0.with_parameters.weight() <= CAPACITY_BYTES);
}

#[tokio::test]
async fn a_response_is_computed_again_after_midnight() {
    let fixture = Fixture::new(text).await;
    fixture.computed(&["/page", "/list", "/document"]).await;

    *fixture.now.lock().expect("no holder panics") += TimeDelta::hours(11);
    let before_midnight = fixture.computed(&["/page", "/list", "/document"]).await;
    *fixture.now.lock().expect("no holder panics") += TimeDelta::hours(1);
    let after_midnight = fixture.computed(&["/page", "/list", "/document"]).await;

    assert_eq!((before_midnight, after_midnight), (0, 2));
}

#[tokio::test]
async fn a_response_that_depends_on_the_caller_is_never_kept() {
    let responses: [fn() -> Response; 6] = [
        || text().with_header("set-cookie", "a=b").into_response(),
        || text().with_header("vary", "cookie").into_response(),
        || {
            text()
                .with_header("cache-control", "no-store")
                .into_response()
        },
        || {
            text()
                .with_header("cache-control", "private, max-age=1")
                .into_response()
        },
        || {
            text()
                .with_header("content-disposition", "attachment")
                .into_response()
        },
        || {
            let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("text")]);
            Body::from_bytes_stream(chunks).into()
        },
    ];
    for (number, respond) in responses.into_iter().enumerate() {
        let fixture = Fixture::new(respond).await;

        let computed = fixture
            .computed(&["/page", "/page", "/list", "/list"])
            .await;

        assert_eq!(computed, 4, "response {number}");
    }
}
