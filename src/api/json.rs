//! JSON responses with the media type `application/json`, without a charset.

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};

/// The result of an operation.
pub type JsonResult<T> = poem::Result<Json<T>>;

/// The result of an operation that answers 404 if the library does not have what its path names.
pub type Lookup<T> = poem::Result<Found<T>>;

pub struct Json<T>(pub T);

pub struct Found<T>(pub T);

const CONTENT_TYPE: &str = "application/json";

impl<T: Type> Payload for Json<T> {
    const CONTENT_TYPE: &'static str = CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(CONTENT_TYPE)
            .body(self.0.to_json_string())
    }
}

impl<T: ToJSON> IntoResponse for Found<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: ToJSON> ApiResponse for Json<T> {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType {
            content_type: CONTENT_TYPE,
            schema: T::schema_ref(),
        }];
        MetaResponses {
            responses: vec![response(200, "The answer", content)],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> ApiResponse for Found<T> {
    fn meta() -> MetaResponses {
        let mut meta = Json::<T>::meta();
        meta.responses.push(not_found());
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// An answer, or 409 if it cannot be done now.
pub struct Possible<T>(pub T);

impl<T: ToJSON> IntoResponse for Possible<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: ToJSON> ApiResponse for Possible<T> {
    fn meta() -> MetaResponses {
        let mut meta = Json::<T>::meta();
        let conflict = response(409, "It cannot be done now; `detail` says why", vec![]);
        meta.responses.push(conflict);
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// 204, or 404 if there was nothing to delete.
pub struct Deleted;

impl IntoResponse for Deleted {
    fn into_response(self) -> Response {
        poem::http::StatusCode::NO_CONTENT.into_response()
    }
}

impl ApiResponse for Deleted {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![response(204, "It is deleted", vec![]), not_found()],
        }
    }

    fn register(_: &mut Registry) {}
}

fn not_found() -> MetaResponse {
    response(404, "There is no such thing in the library", vec![])
}

/// A response in the document.
pub fn response(
    status: u16,
    description: &'static str,
    content: Vec<MetaMediaType>,
) -> MetaResponse {
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content,
        headers: vec![],
    }
}
