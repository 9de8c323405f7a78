//! The frame of every page: head and navigation above, version and documents below.
//!
//! Nothing is inline: the content security policy allows only files of our own.

use super::assets::url;
use crate::owner::View;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

const VERSION: &str = concat!("Music Time Machine ", env!("CARGO_PKG_VERSION"));

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
    /// The path of the search page.
    pub search: &'static str,
    /// The path of the calendar.
    pub calendar: &'static str,
    /// The pages of the settings.
    pub settings: Arc<[NavigationEntry]>,
    /// The path of the page that lets the owner in.
    sign_in: &'static str,
    view: View,
}

/// The path of the first page of the settings. It is what the navigation calls Settings.
pub const SETTINGS: &str = "/settings";

/// What the frame needs to know of a page.
#[derive(Clone, Copy, Default)]
pub struct Page<'a> {
    pub title: &'a str,
    /// One sentence, for search engines and link previews.
    pub description: &'a str,
    /// The path of the entry of the navigation that the page belongs to.
    pub room: &'a str,
    pub extras: Extras,
    /// The addresses of the neighbours of a page in a series.
    pub previous: Option<&'a str>,
    pub next: Option<&'a str>,
    /// The text in the search field.
    pub searched: &'a str,
}

/// Files that only some pages need, by asset name. Scripts run in this order, after the page is parsed.
#[derive(Clone, Copy, Default)]
pub struct Extras {
    pub styles: &'static [&'static str],
    pub scripts: &'static [&'static str],
}

impl Layout {
    pub fn new(
        navigation: Vec<NavigationEntry>,
        search: &'static str,
        calendar: &'static str,
        settings: Vec<NavigationEntry>,
        sign_in: &'static str,
    ) -> Self {
        Self {
            navigation: navigation.into(),
            search,
            calendar,
            settings: settings.into(),
            sign_in,
            view: View::Owner,
        }
    }

    /// The frame of the pages of this view. The public's leads to the page that lets the owner in, not to the settings.
    pub fn of_view(&self, view: View) -> Self {
        Self {
            view,
            ..self.clone()
        }
    }

    /// Whether the page is for a caller who may change something.
    pub fn is_for_owner(&self) -> bool {
        self.view == View::Owner
    }

    /// The first page of the navigation.
    pub fn home(&self) -> &'static str {
        self.navigation.first().map_or("/", |entry| entry.path)
    }

    /// A page of the settings, with links to the others. `path` is its own.
    pub fn settings_page(&self, page: Page, path: &str, content: Markup) -> Markup {
        let main = html! {
            div.frame {
                div.settings {
                    nav.rooms aria-label="Settings" {
                        ul {
                            @for entry in self.settings.iter() {
                                li { (navigation_link(entry, entry.path == path)) }
                            }
                        }
                    }
                    div { (content) }
                }
            }
        };
        let page = Page {
            room: SETTINGS,
            ..page
        };
        self.page(page, main)
    }

    /// A page for signing in: it has no navigation.
    pub fn door(&self, page: Page, main: Markup) -> Markup {
        let header = html! {
            header.masthead {
                div.frame { span.brand { (clock()) span { "Music Time Machine" } } }
            }
        };
        let footer = html! {
            footer.colophon { div.frame { p { (VERSION) } } }
        };
        document(&page, header, html! { div.frame { (main) } }, footer)
    }

    /// A whole document.
    pub fn page(&self, page: Page, main: Markup) -> Markup {
        document(&page, masthead(self, &page), main, colophon())
    }
}

fn document(page: &Page, header: Markup, main: Markup, footer: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (document_head(page))
            body {
                a.skip-link href="#main" { "Skip to the content" }
                (header)
                main #main tabindex="-1" { (main) }
                (footer)
            }
        }
    }
}

/// Our own style sheet comes last, and so takes precedence.
fn document_head(page: &Page) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (page.title) " · Music Time Machine" }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            @if !page.description.is_empty() { meta name="description" content=(page.description); }
            link rel="icon" type="image/svg+xml" href=(url("favicon.svg"));
            @if let Some(address) = page.previous { link rel="prev" href=(address); }
            @if let Some(address) = page.next { link rel="next" href=(address); }
            @for style in page.extras.styles {
                link rel="stylesheet" href=(url(style));
            }
            link rel="stylesheet" href=(url("app.css"));
            @for script in page.extras.scripts {
                script src=(url(script)) defer {}
            }
        }
    }
}

fn masthead(layout: &Layout, page: &Page) -> Markup {
    html! {
        header.masthead {
            div.frame {
                a.brand href=(layout.home()) { (clock()) span { "Music Time Machine" } }
                nav aria-label="Pages" {
                    ul {
                        @for entry in layout.navigation.iter() {
                            li { (navigation_link(entry, page.room == entry.path)) }
                        }
                    }
                }
                (search_field(layout.search, page.searched))
                @match layout.view {
                    View::Owner => (settings_link(page.room == SETTINGS)),
                    View::Public => a.to-sign-in href=(layout.sign_in) { "Sign in" },
                }
            }
        }
    }
}

/// Narrow screens show the icon alone.
fn settings_link(is_current: bool) -> Markup {
    html! {
        a.to-settings href=(SETTINGS) aria-current=[is_current.then_some("true")] {
            svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" {
                path d="M3 6.5h6.5M14.5 6.5H17M3 13.5h2.5M10.5 13.5H17" {}
                circle cx="12" cy="6.5" r="2.25" {}
                circle cx="8" cy="13.5" r="2.25" {}
            }
            span { "Settings" }
        }
    }
}

fn search_field(action: &str, searched: &str) -> Markup {
    html! {
        form.search role="search" action=(action) {
            label.visually-hidden for="search" { "Search" }
            svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
                circle cx="7" cy="7" r="4.75" {}
                path d="m10.5 10.5 3.25 3.25" {}
            }
            input #search type="search" name="q" placeholder="Search" value=(searched)
                maxlength="200" autocomplete="off";
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
                p { (VERSION) ". Track data and covers from Spotify." }
                ul {
                    li { a href="/docs" { "API" } }
                    li { a href="/openapi.yaml" { "OpenAPI document" } }
                }
            }
        }
    }
}
