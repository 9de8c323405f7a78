//! The page of an empty library: why to begin now, and how.

use crate::features::connection;
use crate::html::layout::Layout;
use maud::{Markup, html};

pub fn empty_library(layout: &Layout, trouble: Option<&Markup>) -> Markup {
    layout.page(
        super::PAGE,
        html! {
            div.frame {
                @if let Some(trouble) = trouble { (trouble) }
                div.empty-library { (no_lists_yet(layout)) }
            }
        },
    )
}

pub fn no_lists_yet(layout: &Layout) -> Markup {
    html! {
        (strip_before_the_first_day())
        h1 { "No lists yet" }
        p.lead {
            "Spotify’s top lists carry no date, so the past cannot be fetched later. "
            "Every day kept from now on stays yours."
        }
        ul.panel.ways-in role="list" {
            @if layout.is_for_owner() {
                (way_in(
                    "Connect Spotify",
                    "Today’s three lists now, and those of every day from then on.",
                    html! { a.button.primary href=(connection::PATH) { "Connect Spotify" } },
                ))
            }
            (way_in(
                "Look around first",
                "A made-up library with three years of lists. Nothing is saved.",
                html! { code { "music-time-machine demo" } },
            ))
            (way_in(
                "Import files you already have",
                "Top lists and track objects: JSON, NDJSON, gzip.",
                html! { code { "music-time-machine import PATH" } },
            ))
        }
        p.afterwards { "This page fills itself once the first list is kept." }
    }
}

/// A strip of missed days, with a hollow bar for the first one.
fn strip_before_the_first_day() -> Markup {
    html! {
        svg.unkept-days width="100%" height="28" aria-hidden="true" {
            line.missed x1="0" x2="98.6%" y1="27.25" y2="27.25" {}
            svg x="100%" overflow="visible" {
                rect.waiting x="-6" y="0.5" width="5" height="27" rx="1" {}
            }
        }
    }
}

fn way_in(title: &str, what_it_does: &str, how: Markup) -> Markup {
    html! {
        li {
            div {
                h2 { (title) }
                p { (what_it_does) }
            }
            (how)
        }
    }
}
