//! The frame of every page: document head, brand and pages above, version and documents below.
//!
//! Takes the page's own `main` content, gives the whole document. Nothing here is inline: the content security
//! policy allows only files of our own.

use maud::{DOCTYPE, Markup, html};

use crate::web::assets::url;

/// The page the reader is on, so that the navigation can say so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Dashboard,
    Docs,
    /// A page that the navigation does not name.
    Other,
}

/// Files that only some pages need, by asset name. Scripts run in this order, after the page is parsed.
#[derive(Clone, Copy, Default)]
pub struct Extras {
    pub styles: &'static [&'static str],
    pub scripts: &'static [&'static str],
}

/// A whole document that needs nothing beyond the stylesheet.
pub fn page(title: &str, current: Page, main: Markup) -> Markup {
    page_with(title, current, Extras::default(), main)
}

/// A whole document with further styles and scripts; our own stylesheet comes last and wins.
pub fn page_with(title: &str, current: Page, extras: Extras, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (document_head(title, extras))
            body {
                a.skip-link href="#main" { "Skip to the content" }
                (masthead(current))
                main #main tabindex="-1" { (main) }
                (colophon())
            }
        }
    }
}

fn document_head(title: &str, extras: Extras) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (title) " · Music Time Machine" }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            link rel="icon" type="image/svg+xml" href=(url("favicon.svg"));
            @for style in extras.styles {
                link rel="stylesheet" href=(url(style));
            }
            link rel="stylesheet" href=(url("app.css"));
            @for script in extras.scripts {
                script src=(url(script)) defer {}
            }
        }
    }
}

fn masthead(current: Page) -> Markup {
    html! {
        header.masthead {
            div.frame {
                a.brand href="/dashboard" { (clock()) "Music Time Machine" }
                nav aria-label="Pages" {
                    ul {
                        li { (page_link("/dashboard", "Dashboard", current == Page::Dashboard)) }
                        li { (page_link("/docs", "API", current == Page::Docs)) }
                    }
                }
            }
        }
    }
}

fn page_link(path: &str, name: &str, is_current: bool) -> Markup {
    html! {
        a href=(path) aria-current=[is_current.then_some("page")] { (name) }
    }
}

/// The mark: a ring with two hands and one quarter in green.
fn clock() -> Markup {
    html! {
        svg.clock viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" {
            circle.ring cx="12" cy="12" r="9" {}
            path.hands d="M12 6.75V12l3.5 2.25" {}
            path.quarter d="M3 12a9 9 0 0 1 9-9" {}
        }
    }
}

fn colophon() -> Markup {
    html! {
        footer.colophon {
            div.frame {
                p { "Music Time Machine " (env!("CARGO_PKG_VERSION")) ". Track data and covers from Spotify." }
                ul {
                    li { a href="/docs" { "API" } }
                    li { a href="/openapi.yaml" { "OpenAPI document" } }
                }
            }
        }
    }
}
