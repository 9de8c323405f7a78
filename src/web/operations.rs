//! The operations under `/api`, as the document describes them: the methods and the parameters of each path. Requests
//! with other parameters are refused.

use crate::api::table::CSV;
use crate::error::{Error, Result};
use crate::http::body::drain;
use percent_encoding::percent_decode_str;
use poem::http::{HeaderValue, Method, header};
use poem::web::Accept;
use poem::{Endpoint, FromRequest, IntoResponse, Request, Response};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::form_urlencoded;

/// The parameter of operations that answer as JSON or as CSV.
const FORMAT: &str = "format";

#[derive(Clone)]
pub struct Operations(Arc<[Path]>);

/// A path, with its operations by method.
pub struct Path {
    /// As in `["api", "tracks", "{track_id}"]`.
    segments: Vec<String>,
    operations: BTreeMap<String, Operation>,
}

struct Operation {
    /// The names of its query parameters.
    query: Vec<String>,
}

impl Operations {
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        Self(paths.map(|(path, item)| Path::of(path, item)).collect())
    }

    /// A path with a fixed segment comes before one with a parameter there, as in the routes.
    pub fn find(&self, path: &str) -> Option<&Path> {
        let matching = self.0.iter().filter(|known| known.is(path));
        matching.min_by_key(|known| known.parameters().count())
    }
}

impl Path {
    fn of(path: &str, item: &Value) -> Self {
        let methods = item.as_object().into_iter().flatten();
        Self {
            segments: segments(path).map(Into::into).collect(),
            operations: methods
                .map(|(method, operation)| (method.to_uppercase(), Operation::of(operation)))
                .collect(),
        }
    }

    fn is(&self, path: &str) -> bool {
        let mut given = segments(path);
        let is_given = |known: &String| {
            let segment = given.next();
            segment.is_some_and(|segment| known == segment || known.starts_with('{'))
        };
        self.segments.iter().all(is_given) && given.next().is_none()
    }

    /// HEAD is the operation of GET.
    fn operation(&self, method: &Method) -> Option<&Operation> {
        let method = match *method {
            Method::HEAD => "GET",
            _ => method.as_str(),
        };
        self.operations.get(method)
    }

    /// As in `GET, HEAD, PUT`.
    pub fn allow(&self) -> String {
        let methods = self
            .operations
            .keys()
            .flat_map(|method| match method.as_str() {
                "GET" => vec!["GET", "HEAD"],
                other => vec![other],
            });
        methods.collect::<Vec<_>>().join(", ")
    }

    /// The names of the parameters in the path, first to last.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments
            .iter()
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

impl Operation {
    fn of(operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        Self {
            query: parameters
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| text(&parameter["name"]))
                .collect(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().into()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

impl Operations {
    /// Refuses unknown and repeated parameters, and text that is not UTF-8 or contains U+0000.
    pub async fn check<E: Endpoint>(
        self,
        endpoint: Arc<E>,
        mut request: Request,
    ) -> poem::Result<Response> {
        if let Err(error) = self.check_uri(&request) {
            drain(&mut request).await;
            return Err(error.into());
        }
        let accept = Accept::from_request_without_body(&request).await?;
        let has_formats = self.choose_format(&mut request, &accept);
        let mut response = endpoint.call(request).await?.into_response();
        if has_formats {
            let accept = HeaderValue::from_static("accept");
            response.headers_mut().append(header::VARY, accept);
        }
        Ok(response)
    }

    /// Writes the format that the header `Accept` prefers into the query, so that the response depends on the address
    /// alone. Returns whether the operation has formats.
    fn choose_format(&self, request: &mut Request, accept: &Accept) -> bool {
        let operation = self.find(request.uri().path());
        let operation = operation.and_then(|path| path.operation(request.method()));
        if !operation.is_some_and(|operation| operation.query.iter().any(|name| name == FORMAT)) {
            return false;
        }
        let query = request.uri().query().unwrap_or_default();
        let is_given = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == FORMAT);
        if !is_given && prefers_csv(accept) {
            let separator = if query.is_empty() { "" } else { "&" };
            let address = format!("{}?{query}{separator}{FORMAT}=csv", request.uri().path());
            *request.uri_mut() = address.parse().expect("a query got longer");
        }
        true
    }

    fn check_uri(&self, request: &Request) -> Result<()> {
        let Some(path) = self.find(request.uri().path()) else {
            return decoded(request.uri().path(), "path").map(drop);
        };
        let given = segments(request.uri().path())
            .zip(&path.segments)
            .filter(|(_, known)| known.starts_with('{'));
        for ((segment, _), name) in given.zip(path.parameters()) {
            decoded(segment, name)?;
        }
        match path.operation(request.method()) {
            Some(operation) => check_query(request.uri().query().unwrap_or_default(), operation),
            None => Ok(()),
        }
    }
}

/// Whether `Accept` has CSV before JSON.
fn prefers_csv(accept: &Accept) -> bool {
    let known = [CSV, "application/json", "application/*", "*/*"];
    let accepted = accept.0.iter();
    let mut accepted = accepted
        .filter(|kind| kind.get_param("q").is_none_or(|q| q != "0"))
        .map(|kind| kind.essence_str());
    accepted.find(|kind| known.contains(kind)) == Some(CSV)
}

fn check_query(query: &str, operation: &Operation) -> Result<()> {
    let mut seen = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name, "query")?;
        if !operation.query.contains(&name) {
            let reason = match operation.query.is_empty() {
                true => "is not known here: this operation takes no parameters".into(),
                false => format!(
                    "is not known here; known are {}",
                    operation.query.join(", ")
                ),
            };
            return Err(Error::invalid(
                name.chars().take(64).collect::<String>(),
                reason,
            ));
        }
        decoded(value, &name)?;
        if seen.contains(&name) {
            return Err(Error::invalid(name, "is given more than once"));
        }
        seen.push(name);
    }
    Ok(())
}

/// PostgreSQL refuses U+0000 in a parameter.
fn decoded(encoded: &str, name: &str) -> Result<String> {
    let text = percent_decode_str(encoded)
        .decode_utf8()
        .map_err(|_| Error::invalid(name, "is not UTF-8"))?;
    match text.contains('\0') {
        true => Err(Error::invalid(name, "contains the character U+0000")),
        false => Ok(text.into_owned()),
    }
}
