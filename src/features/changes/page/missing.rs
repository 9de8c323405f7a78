//! Pages without a comparison: a range has fewer than two lists, or no list was kept on a day.

use super::days::{ComparedDays, Pair};
use super::{NAVIGATION, comparison_address};
use crate::features::connection;
use crate::features::snapshots::nearest::Nearest;
use crate::features::snapshots::page::{list_address, range_name, range_tabs};
use crate::html::components::{DATE, WEEKDAY_AND_DATE, date, nothing_yet};
use crate::html::layout::{Layout, Page};
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};

/// Without a connection it offers one.
pub fn too_few_lists(layout: &Layout, time_range: TimeRange, is_connected: bool) -> Markup {
    let page = Page {
        title: "Changes",
        description: "What entered, left, climbed and fell between two days",
        room: NAVIGATION.path,
        ..Page::default()
    };
    layout.page(
        page,
        html! {
            div.frame {
                header.page-head { div { h1 { "Changes" } } }
                div.controls {
                    (range_tabs(time_range, |range| format!("/changes?time_range={}", range.word())))
                }
                (nothing_yet("Nothing yet: changes need two lists of a range, of two days."))
                @if layout.is_for_owner() && !is_connected {
                    p.buttons {
                        a.button.primary href=(connection::PATH) { "Connect Spotify" }
                    }
                    p.afterwards { "Or import lists that you have: " code { "music-time-machine import PATH" } }
                }
            }
        },
    )
}

/// Offers the nearest kept days.
pub fn no_such_lists(
    layout: &Layout,
    time_range: TimeRange,
    days: &ComparedDays,
    nearest: Option<Pair>,
) -> Markup {
    let page = Page {
        title: "No list on that day",
        description: "No list was kept on a day of this comparison",
        room: NAVIGATION.path,
        ..Page::default()
    };
    let missing = [days.since, days.date]
        .into_iter()
        .filter(|day| !day.is_kept());
    layout.page(
        page,
        html! {
            div.frame {
                section.error-page {
                    p.status-code { "404" }
                    h1 { "No list on that day" }
                    @for day in missing { p.lead { (nearest_lists(time_range, day)) } }
                    (ways_on(time_range, nearest))
                }
            }
        },
    )
}

/// As in `No short term list was kept on Fri 22 Nov 2024. The nearest are of 21 Nov 2024 and 25 Nov 2024.`
fn nearest_lists(time_range: TimeRange, day: Nearest) -> Markup {
    let list =
        |day: NaiveDate| html! { a href=(list_address(day, time_range)) { (date(day, DATE)) } };
    html! {
        "No " (range_name(time_range).to_lowercase()) " list was kept on " (date(day.asked, WEEKDAY_AND_DATE)) ". "
        @match (day.before, day.after) {
            (Some(before), Some(after)) => { "The nearest are of " (list(before)) " and " (list(after)) "." }
            (Some(before), None) => { "The latest is of " (list(before)) "." }
            (None, Some(after)) => { "The first is of " (list(after)) "." }
            (None, None) => "None of this range is kept yet.",
        }
    }
}

fn ways_on(time_range: TimeRange, nearest: Option<Pair>) -> Markup {
    html! {
        p.buttons {
            @if let Some((since, day)) = nearest {
                a.button.primary href=(comparison_address(time_range, (since, day))) {
                    "Compare " (date(since, DATE)) " with " (date(day, DATE))
                }
            }
            a.button href={ (NAVIGATION.path) "?time_range=" (time_range.word()) } { "The latest changes" }
        }
    }
}
