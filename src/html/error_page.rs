//! The page of a request that failed: what happened, what to do, and what to search for in the log.

use super::layout::{Layout, Page};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use poem::http::StatusCode;
use poem::{IntoResponse, Response};

/// `title` says what happened, and `detail` what it means for the kept data. Neither is ever a cause.
pub fn error_page(
    layout: &Layout,
    status: u16,
    (title, detail): (&str, &str),
    (at, request_id): (DateTime<Utc>, &str),
) -> Markup {
    let is_transient = matches!(status, 408 | 429 | 500..);
    let page = Page {
        title,
        ..Page::default()
    };
    layout.page(
        page,
        html! {
            div.frame {
                section.error-page {
                    p.status-code { (status) }
                    h1 { (title) }
                    p.lead { (detail) }
                    (ways_on(status, is_transient, layout))
                    (for_the_log(at, request_id))
                }
            }
        },
    )
}

/// The page of an address that names something the library does not have. `ways` lead on: addresses and what is there.
pub fn not_found(
    layout: &Layout,
    room: &str,
    (title, detail): (&str, Markup),
    ways: &[(&str, &str)],
) -> Response {
    let page = Page {
        title,
        description: "There is no such thing in the library",
        room,
        ..Page::default()
    };
    let main = html! {
        div.frame {
            section.error-page {
                p.status-code { "404" }
                h1 { (title) }
                p.lead { (detail) }
                p.buttons {
                    @for (position, (href, name)) in ways.iter().enumerate() {
                        a.button.primary[position == 0] href=(href) { (name) }
                    }
                }
            }
        }
    };
    let page = layout.page(page, main);
    page.with_status(StatusCode::NOT_FOUND).into_response()
}

/// An empty `href` reloads the page.
fn ways_on(status: u16, is_transient: bool, layout: &Layout) -> Markup {
    html! {
        p.buttons {
            @if is_transient {
                a.button.primary href="" { "Try again" }
                a.button href=(layout.home()) { "Go to the dashboard" }
            } @else {
                a.button.primary href=(layout.home()) { "Go to the dashboard" }
            }
            @if status == 404 {
                a.button href=(layout.calendar) { "Choose a day" }
                a.button href=(layout.search) { "Search" }
            }
        }
    }
}

fn for_the_log(at: DateTime<Utc>, request_id: &str) -> Markup {
    html! {
        dl.for-the-log {
            dt { "Time" }
            dd { time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) { (at.format("%-d %b %Y, %H:%M:%S UTC")) } }
            dt { "Request" }
            dd { code { (request_id) } }
        }
    }
}
