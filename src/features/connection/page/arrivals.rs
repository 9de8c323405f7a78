//! The lists of today as they come in: a square for each place, which becomes its cover. `arrivals.js` looks again while
//! they are taken.

use super::super::PATH;
use super::super::arrivals::Arrival;
use super::View;
use super::connected::outcome;
use crate::features::calendar::page::state_mark;
use crate::features::calendar::query::DayState;
use crate::features::snapshots::page::{range_length, range_name};
use crate::html::components::{counted, cover};
use maud::{Markup, html};

/// Squares of a list at most.
const SQUARES: usize = 100;

/// Parts with `data-part` are replaced by those of a newer answer.
pub fn lists_of_today(view: &View, lists: &[Arrival], is_taking: bool) -> Markup {
    html! {
        div #arrivals data-taking[is_taking] {
            header.page-head data-part="head" {
                div {
                    h1 { @if is_taking { "Taking today’s lists" } @else { "Today’s lists" } }
                    p { "Connected as " bdi { (view.state.account_name.as_deref().unwrap_or_default()) } "." }
                }
            }
            ul.arrivals.panel {
                @for list in lists {
                    li.arrival data-part=(list.time_range.word()) { (arrival(list, view.setup.0.depth, is_taking)) }
                }
            }
            p.note role="status" data-part="status" {
                (came(lists, is_taking)) @if is_taking { " " a.look-again href={ (PATH) "?lists=today" } { "Look again" } }
            }
            p.buttons data-part="ways" {
                @if !is_taking {
                    a.button.primary href="/dashboard" { "Dashboard" }
                    a.button href=(PATH) { "How it is going" }
                }
            }
        }
    }
}

fn arrival(list: &Arrival, depth: usize, is_taking: bool) -> Markup {
    let places = match list.covers.len() {
        0 => depth,
        tracks => tracks,
    };
    html! {
        header {
            h2 { (range_name(list.time_range)) " " small { (range_length(list.time_range)) } }
            p.outcome { (said(list, is_taking)) }
        }
        ol.arriving aria-hidden="true" {
            @for place in 0..places.min(SQUARES) {
                li { @if let Some(url) = list.covers.get(place) { (cover(url.as_deref())) } }
            }
        }
    }
}

fn said(list: &Arrival, is_taking: bool) -> Markup {
    html! {
        @match &list.attempt {
            Some(attempt) => {
                (outcome(attempt.outcome))
                @if let Some(reason) = &attempt.reason { ": " bdi { (reason) } }
                @else { ", " (counted(attempt.track_count.into(), "track")) }
            }
            None => {
                (state_mark(DayState::Waiting))
                @if is_taking { "no answer yet" } @else { "not asked yet" }
            }
        }
    }
}

/// As in `Two of three lists are kept.`
fn came(lists: &[Arrival], is_taking: bool) -> &'static str {
    match lists.iter().filter(|list| !list.covers.is_empty()).count() {
        0 if is_taking => "Waiting for three lists.",
        0 => "None of three lists is kept.",
        1 => "One of three lists is kept.",
        2 => "Two of three lists are kept.",
        _ => "All three lists are kept.",
    }
}
