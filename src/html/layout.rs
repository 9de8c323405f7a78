//! The frame of every page: head and navigation above, version and documents below.
//!
//! Nothing is inline: the content security policy allows only files of our own.

use super::assets::url;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

/// An entry in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NavigationEntry {
    pub path: &'static str,
    pub name: &'static str,
}

/// The frame of a page. The root hands it to the routes as request data.
#[derive(Clone)]
pub struct Layout {
    navigation: Arc<[NavigationEntry]>,
}

/// Files that only some pages need, by asset name. Scripts run in this order, after the page is parsed.
#[derive(Clone, Copy, Default)]
pub struct Extras {
    pub styles: &'static [&'static str],
    pub scripts: &'static [&'static str],
}

impl Layout {
    pub fn new(navigation: Vec<NavigationEntry>) -> Self {
        Self {
            navigation: navigation.into(),
        }
    }

    /// The first page of the navigation.
    pub fn home(&self) -> &'static str {
        self.navigation.first().map_or("/", |entry| entry.path)
    }

    /// A whole document. `current` is the entry that the page belongs to.
    pub fn page(&self, title: &str, current: Option<NavigationEntry>, main: Markup) -> Markup {
        self.page_with(title, current, Extras::default(), main)
    }

    /// A whole document with further styles and scripts. Our own style sheet comes last, and so takes precedence.
    pub fn page_with(
        &self,
        title: &str,
        current: Option<NavigationEntry>,
        extras: Extras,
        main: Markup,
    ) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                (document_head(title, extras))
                body {
                    a.skip-link href="#main" { "Skip to the content" }
                    (masthead(self, current))
                    main #main tabindex="-1" { (main) }
                    (colophon())
                }
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

fn masthead(layout: &Layout, current: Option<NavigationEntry>) -> Markup {
    html! {
        header.masthead {
            div.frame {
                a.brand href=(layout.home()) { (clock()) "Music Time Machine" }
                nav aria-label="Pages" {
                    ul {
                        @for entry in layout.navigation.iter() {
                            li { (navigation_link(entry, current == Some(*entry))) }
                        }
                    }
                }
            }
        }
    }
}

fn navigation_link(entry: &NavigationEntry, is_current: bool) -> Markup {
    html! {
        a href=(entry.path) aria-current=[is_current.then_some("page")] { (entry.name) }
    }
}

/// The logo: a ring with two hands and one quarter in green.
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
