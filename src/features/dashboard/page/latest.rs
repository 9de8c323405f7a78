//! The latest list: its first ten rows, and the rest behind a disclosure.

use crate::features::changes::page::ranking;
use crate::features::changes::query::ComparedList;
use crate::features::snapshots::page::range_name;
use crate::html::components::{WEEKDAY_AND_DATE, counted, date, nothing_yet, section_head};
use maud::{Markup, html};

const FIRST_ROWS: usize = 10;
/// The provider's lists have 50 tracks by default, but a kept list may have any number.
const SHOWN: usize = 100;

pub fn latest_list(latest: Option<&ComparedList>) -> Markup {
    html! {
        section.latest-list aria-labelledby="latest-list" {
            @if let Some(list) = latest {
                (section_head("latest-list", "Latest list", html! {
                    (range_name(list.time_range)) ", " (date(list.snapshot_date, WEEKDAY_AND_DATE))
                }))
                (rows(list))
            } @else {
                (section_head("latest-list", "Latest list", html! {}))
                (nothing_yet("No list is kept yet."))
            }
        }
    }
}

fn rows(list: &ComparedList) -> Markup {
    let compared = list.since.is_some();
    let shown = &list.tracks[..list.tracks.len().min(SHOWN)];
    let (first, rest) = shown.split_at(shown.len().min(FIRST_ROWS));
    html! {
        (ranking(first, compared))
        @if !rest.is_empty() {
            details.all-tracks {
                summary { (how_many(list)) }
                (ranking(rest, compared))
                @if is_cut(list) {
                    p.rest-of-list {
                        "The rest is in " a href=(address(list)) { "the whole list as JSON" } "."
                    }
                }
            }
        }
    }
}

fn is_cut(list: &ComparedList) -> bool {
    list.tracks.len() > SHOWN
}

fn how_many(list: &ComparedList) -> String {
    let all = counted(list.tracks.len() as i64, "track");
    match is_cut(list) {
        true => format!("The first {SHOWN} of {all}"),
        false => format!("All {all}"),
    }
}

fn address(list: &ComparedList) -> String {
    let ComparedList {
        snapshot_date,
        time_range,
        ..
    } = list;
    format!("/api/snapshots/{snapshot_date}/{}", time_range.word())
}
