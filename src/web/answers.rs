//! Answers to reads, kept until the library changes: the body and its type, no other header. Each
//! has a strong `ETag`, and goes out packed to those who can unpack it.
//!
//! An answer is computed once, however many ask for it at the same moment, and never again while
//! the token of the database stays what it was before the computation began. While one is under
//! way, who asks for the same waits: for that one, or for the next when the token has changed since.

mod form;

pub use form::accepts_gzip;

use crate::db::{Database, Truth};
use form::{Form, Wanted, pack};
use poem::http::uri::PathAndQuery;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tokio::sync::Mutex;

const KEPT_BYTES: u64 = 16 << 20;
/// Packing less saves nothing.
const SMALLEST_PACKED: usize = 1024;
/// Packing more would hold up all who wait for the same thread.
const QUICKLY_PACKED: usize = 64 << 10;

/// Room for the headers of an answer, so that it need not grow on its way out.
const HEADERS: usize = 16;

/// By path and query, as they were asked. In one piece: of several each could only hold answers of
/// its own size.
static ANSWERS: LazyLock<Cache<String, Answer, Size>> = LazyLock::new(|| {
    let options = OptionsBuilder::new()
        .shards(1)
        .estimated_items_capacity(1000)
        .weight_capacity(KEPT_BYTES)
        .build()
        .expect("the capacities are given");
    Cache::with_options(
        options,
        Size,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    )
});

/// Whose turn it is to compute the answer of an address.
static TURNS: LazyLock<Cache<String, Arc<Mutex<()>>>> = LazyLock::new(|| Cache::new(1000));

type Answer = Arc<Kept>;

#[derive(Clone)]
struct Kept {
    /// `None` for what is part of the program.
    truth: Option<Truth>,
    /// It was true then.
    true_at: Instant,
    content_type: Option<HeaderValue>,
    /// What the `ETag`s are made of.
    hash: String,
    plain: Form,
    packed: Option<Form>,
}

#[derive(Clone)]
struct Size;

impl Weighter<String, Answer> for Size {
    fn weight(&self, address: &String, answer: &Answer) -> u64 {
        let packed = answer.packed.as_ref().map_or(0, |form| form.body.len());
        // The entry itself is not free.
        (address.len() + answer.plain.body.len() + packed + 500) as u64
    }
}

/// Why there is no answer to keep.
enum Other {
    Failed(poem::Error),
    Answered(Response),
}

impl From<poem::Error> for Other {
    fn from(error: poem::Error) -> Self {
        Self::Failed(error)
    }
}

pub async fn keep<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> poem::Result<Response> {
    // HEAD answers what GET would; the server leaves the body out.
    if *request.method() == Method::HEAD {
        request.set_method(Method::GET);
    }
    if *request.method() != Method::GET {
        let answer = endpoint.call(request).await;
        return answer.map(IntoResponse::into_response);
    }
    let wanted = Wanted::of(request.headers());
    match answer(&endpoint, request).await {
        Ok(answer) => Ok(answer.respond(&wanted)),
        Err(Other::Answered(response)) => Ok(response),
        Err(Other::Failed(error)) => Err(error),
    }
}

async fn answer<E: Endpoint>(endpoint: &Arc<E>, request: Request) -> Result<Answer, Other> {
    let asked_at = Instant::now();
    let truth = truth(&request).await?;
    let kept = ANSWERS.get(address(&request));
    if let Some(kept) = kept.filter(|kept| kept.truth == truth) {
        return Ok(kept);
    }
    // In a box, because it is large and seldom wanted.
    Box::pin(in_turn(endpoint, request, asked_at, truth)).await
}

/// Waits for the turn to compute an answer, which may have come from another meanwhile.
async fn in_turn<E: Endpoint>(
    endpoint: &Arc<E>,
    request: Request,
    asked_at: Instant,
    truth: Option<Truth>,
) -> Result<Answer, Other> {
    let address = address(&request).to_owned();
    let turn = TURNS.get_or_insert_with(&address, || Ok::<_, Infallible>(Arc::default()));
    let turn = turn.unwrap_or_else(|never| match never {});
    let (_turn, token) = match turn.try_lock() {
        Ok(turn) => (turn, Some((asked_at, truth))),
        Err(_) => (turn.lock().await, None),
    };
    let kept = ANSWERS.get(&address);
    if let Some(kept) = kept.as_ref().filter(|kept| kept.true_at >= asked_at) {
        return Ok(kept.clone());
    }
    let (true_at, truth) = match token {
        Some(token) => token,
        // All who wait now have asked before.
        None => (Instant::now(), self::truth(&request).await?),
    };
    let answer = match kept.filter(|kept| kept.truth == truth) {
        Some(kept) => Arc::new(Kept {
            true_at,
            ..Kept::clone(&kept)
        }),
        None => Arc::new(compute(endpoint, request, truth, true_at).await?),
    };
    ANSWERS.insert(address, answer.clone());
    Ok(answer)
}

/// The path and the query, as they were asked.
fn address(request: &Request) -> &str {
    let address = request.uri().path_and_query();
    address.map_or("/", PathAndQuery::as_str)
}

async fn truth(request: &Request) -> poem::Result<Option<Truth>> {
    let database: &Database = request.data().expect("the route tree carries it");
    let path = request.uri().path();
    let is_part_of_the_program = path == "/docs" || path.starts_with("/openapi.");
    match is_part_of_the_program {
        true => Ok(None),
        false => Ok(Some(database.truth().await?)),
    }
}

async fn compute<E: Endpoint>(
    endpoint: &Arc<E>,
    request: Request,
    truth: Option<Truth>,
    true_at: Instant,
) -> Result<Kept, Other> {
    let answer = endpoint.call(request).await.map_err(Other::Failed)?;
    let mut response = answer.into_response();
    if response.status() != StatusCode::OK {
        return Err(Other::Answered(response));
    }
    let body = response.take_body().into_bytes().await;
    let plain = body.map_err(|cause| Other::Failed(cause.into()))?;
    let packed = match plain.len() {
        0..SMALLEST_PACKED => None,
        SMALLEST_PACKED..=QUICKLY_PACKED => pack(&plain),
        _ => {
            let plain = plain.clone();
            let packing = tokio::task::spawn_blocking(move || pack(&plain));
            packing.await.unwrap_or_default()
        }
    };
    let hash = hex::encode(&Sha256::digest(&plain)[..16]);
    Ok(Kept {
        truth,
        true_at,
        content_type: response.headers().get(header::CONTENT_TYPE).cloned(),
        packed: packed.map(|body| Form::of(&format!("{hash}-gzip"), body)),
        plain: Form::of(&hash, plain),
        hash,
    })
}

impl Kept {
    fn respond(&self, wanted: &Wanted) -> Response {
        let packed = self.packed.as_ref().filter(|_| wanted.gzip);
        let form = packed.unwrap_or(&self.plain);
        let mut response = Response::default();
        let answer = response.headers_mut();
        answer.reserve(HEADERS);
        answer.insert(header::ETAG, form.tag.clone());
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if wanted.knows(&self.hash) {
            response.set_status(StatusCode::NOT_MODIFIED);
            return response;
        }
        if let Some(content_type) = &self.content_type {
            answer.insert(header::CONTENT_TYPE, content_type.clone());
        }
        if packed.is_some() {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response.set_body(Body::from_bytes(form.body.clone()));
        response
    }
}
