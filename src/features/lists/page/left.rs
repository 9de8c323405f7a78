//! The tracks that left the list since the list before.

use crate::features::snapshots::query::RankedTrack;
use crate::features::tracks::page::{artist_name, track_name};
use crate::html::components::{cover, hidden, section_head};
use maud::{Markup, html};

pub fn left_the_list(left: &[RankedTrack]) -> Markup {
    html! {
        section.left-the-list aria-labelledby="left" {
            (section_head("left", "Left the list", html! { span aria-hidden="true" { "Last rank" } }))
            ol.ranking role="list" {
                @for row in left { (left_track(row)) }
            }
        }
    }
}

fn left_track(row: &RankedTrack) -> Markup {
    html! {
        li.left-track {
            (cover(row.cover_url.as_deref()))
            div.track { (track_name(&row.track)) (artist_name(&row.track)) }
            span.number { (hidden("last rank ")) (row.rank) }
        }
    }
}
