//! `/docs`: Swagger UI for the OpenAPI document.

use crate::html::layout::{Extras, Layout, Page};
use maud::html;
use poem::http::header;
use poem::web::Data;
use poem::{IntoResponse, Response, handler};

pub const PATH: &str = "/docs";

/// `docs.js` starts Swagger UI, so it comes after its bundle.
const SWAGGER_UI: Extras = Extras {
    styles: &["vendor/swagger-ui/swagger-ui.css"],
    scripts: &["vendor/swagger-ui/swagger-ui-bundle.js", "docs.js"],
};

/// Swagger UI sets style attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[handler]
pub fn show(layout: Data<&Layout>) -> Response {
    let main = html! {
        div.frame {
            header.page-head {
                div {
                    h1 { "API" }
                    p { "The library as JSON, for programs." }
                }
            }
            noscript {
                p.nothing-yet {
                    "This page needs JavaScript. The same document as text: "
                    a href="/openapi.yaml" { "openapi.yaml" } "."
                }
            }
            div #swagger-ui {}
        }
    };
    let page = Page {
        title: "API",
        description: "The library as JSON, for programs: every operation, with examples to try",
        extras: SWAGGER_UI,
        ..Page::default()
    };
    layout
        .page(page, main)
        .with_header(header::CONTENT_SECURITY_POLICY, POLICY)
        .into_response()
}
