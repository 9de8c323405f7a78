//! The page for a request that could not be answered: what happened, what to do, and what to look for in the log.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::web::layout::{Page, page};

/// `title` says what happened and `detail` what it means for the kept data; neither is ever a cause.
pub fn error_page(status: u16, title: &str, detail: &str, request_id: &str) -> Markup {
    let at = DateTime::<Utc>::from(SystemTime::now());
    let may_pass = matches!(status, 408 | 429 | 500..);
    page(
        title,
        Page::Other,
        html! {
            div.frame {
                section.error-page {
                    p.status-code { (status) }
                    h1 { (title) }
                    p.lead { (detail) }
                    (ways_on(may_pass))
                    (for_the_log(at, request_id))
                }
            }
        },
    )
}

/// An empty address asks for the same page again.
fn ways_on(may_pass: bool) -> Markup {
    html! {
        p.buttons {
            @if may_pass {
                a.button.primary href="" { "Try again" }
                a.button href="/dashboard" { "Go to the dashboard" }
            } @else {
                a.button.primary href="/dashboard" { "Go to the dashboard" }
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
