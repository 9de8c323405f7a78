//! The artist on the three lists, and the albums.

use crate::features::artists::albums::Album;
use crate::features::artists::presence::{Overview, RangeSummary};
use crate::features::search;
use crate::features::snapshots::page::range_name;
use crate::html::components::{
    DATE, count, counted, cover, date, hidden, nothing_yet, section_head,
};
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use url::form_urlencoded;

/// Characters of a name that a search takes.
const LONGEST_SEARCH: usize = 200;

pub fn three_lists(view: &Overview) -> Markup {
    let note = html! { @if let Some(day) = view.as_of { "on " (date(day, DATE)) } };
    html! {
        section aria-labelledby="three-lists" {
            (section_head("three-lists", "In the three lists", note))
            table.three-lists {
                thead {
                    tr {
                        th scope="col" { "List" }
                        th.number scope="col" { "Tracks" }
                        th.number scope="col" { "Now" }
                        th.number scope="col" { "Best" }
                        th.number scope="col" { "Days" }
                        th.number scope="col" { "Share" }
                    }
                }
                tbody { @for range in TimeRange::ALL { (on_list(range, &view.ranges[range as usize])) } }
            }
        }
    }
}

fn on_list(time_range: TimeRange, summary: &RangeSummary) -> Markup {
    html! {
        tr {
            th scope="row" { (range_name(time_range)) }
            @if let Some(best) = summary.best_rank {
                td.number { (summary.track_count) }
                td.number { @if let Some(now) = summary.now { (now) } @else { span.off { "off" } } }
                td.number { (best) }
                td.number { (count(summary.day_count)) }
                td.number { (percent(summary.day_count, summary.list_count)) }
            } @else {
                td.number colspan="5" { span.off { span aria-hidden="true" { "–" } (hidden("never on it")) } }
            }
        }
    }
}

/// A whole percentage of the lists.
fn percent(days: i64, lists: i64) -> String {
    format!("{:.0} %", 100.0 * days as f64 / lists.max(1) as f64)
}

pub fn albums(view: &Overview) -> Markup {
    html! {
        section aria-labelledby="albums" {
            (section_head("albums", "Albums", html! { "newest first" }))
            @if view.albums.is_empty() {
                (nothing_yet("No album is known."))
            } @else {
                ul.album-rows { @for album in &view.albums { (row(album)) } }
            }
        }
    }
}

fn row(album: &Album) -> Markup {
    let text: String = album.name.chars().take(LONGEST_SEARCH).collect();
    let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    html! {
        li {
            (cover(album.cover_url.as_deref()))
            div {
                a href=(format!("{}?q={query}", search::PATH)) { bdi { (album.name) } }
                @if let Some(year) = album.release_year { p { (year) } }
            }
            span { (counted(album.track_count, "track")) }
        }
    }
}
