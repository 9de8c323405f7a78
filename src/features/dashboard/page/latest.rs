//! The latest list: its first ten rows, and a link to all of them.

use crate::features::changes::page::{ranking, tied_ranking};
use crate::features::changes::query::ComparedList;
use crate::features::snapshots::page::{list_address, range_name};
use crate::html::components::{WEEKDAY_AND_DATE, counted, date, nothing_yet, section_head};
use maud::{Markup, html};

const ROWS: usize = 10;

pub fn latest_list(latest: Option<&ComparedList>) -> Markup {
    html! {
        section.latest-list aria-labelledby="latest-list" {
            @if let Some(list) = latest {
                (section_head("latest-list", "Latest list", html! {
                    (range_name(list.time_range)) ", " (date(list.snapshot_date, WEEKDAY_AND_DATE))
                }))
                (rows(list))
                p.all-tracks {
                    a href=(list_address(list.snapshot_date, list.time_range)) { (how_many(list)) }
                }
            } @else {
                (section_head("latest-list", "Latest list", html! {}))
                (nothing_yet("No list is kept yet."))
            }
        }
    }
}

fn rows(list: &ComparedList) -> Markup {
    let (above, tied) = list.above_and_tied();
    let above = &above[..above.len().min(ROWS)];
    let tied = &tied[..tied.len().min(ROWS - above.len())];
    html! {
        @if !above.is_empty() { (ranking(above, list.since.is_some())) }
        @if !tied.is_empty() { (tied_ranking(list, tied)) }
    }
}

fn how_many(list: &ComparedList) -> String {
    match list.tracks.len() {
        1 => "The whole list".to_owned(),
        all => format!("All {}", counted(all as i64, "track")),
    }
}
