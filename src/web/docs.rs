//! `/docs`: Swagger UI for the OpenAPI document, inside our own head and footer.

use maud::{Markup, html};
use poem::handler;

use crate::web::layout::{Extras, Page, page_with};

/// `docs.js` starts Swagger UI and so comes after its bundle.
const SWAGGER_UI: Extras = Extras {
    styles: &["vendor/swagger-ui/swagger-ui.css"],
    scripts: &["vendor/swagger-ui/swagger-ui-bundle.js", "docs.js"],
};

#[handler]
pub fn show() -> Markup {
    page_with(
        "API",
        Page::Docs,
        SWAGGER_UI,
        html! {
            div.frame {
                header.page-head {
                    div {
                        h1 { "API" }
                        p { "Every question that a page answers, as JSON." }
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
        },
    )
}
