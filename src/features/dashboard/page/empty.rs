//! The page of an empty library: why to begin now, and how.

use crate::html::layout::Layout;
use maud::{Markup, html};

pub fn empty_library(layout: &Layout) -> Markup {
    layout.page(
        super::PAGE,
        html! {
            div.frame { div.empty-library { (no_lists_yet()) } }
        },
    )
}

pub fn no_lists_yet() -> Markup {
    html! {
        (strip_before_the_first_day())
        h1 { "No lists yet" }
        p.lead {
            "Spotify’s top lists carry no date, so the past cannot be fetched later. "
            "Every day kept from now on stays yours."
        }
        ul.panel.ways-in role="list" {
            (way_in(
                "Look around first",
                "A made-up library with three years of lists. Nothing is saved.",
                "music-time-machine demo",
            ))
            (way_in(
                "Import files you already have",
                "Top lists and track objects: JSON, NDJSON, gzip.",
                "music-time-machine import PATH",
            ))
        }
        p.afterwards { "This page fills itself once something is imported." }
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

fn way_in(title: &str, what_it_does: &str, command: &str) -> Markup {
    html! {
        li {
            div {
                h2 { (title) }
                p { (what_it_does) }
            }
            code { (command) }
        }
    }
}
