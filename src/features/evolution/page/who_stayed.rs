//! The artists on most lists.

use super::View;
use crate::features::evolution::answer::ConsistentArtist;
use crate::features::tracks::page::artist_link;
use crate::html::components::{count, counted, percent_of_width, section_head};
use maud::{Markup, html};

pub fn who_stayed(view: &View) -> Markup {
    let list_count = view.evolution.list_count;
    html! {
        section aria-labelledby="stayed" {
            (section_head("stayed", "Who stayed", html! { "Days on the list, of " (count(list_count)) }))
            (finding(view))
            table.stayed {
                thead {
                    tr {
                        th scope="col" colspan="2" { "Artist" }
                        th.number scope="col" { "Days" } th.number scope="col" { "Share" }
                    }
                }
                tbody { @for artist in &view.evolution.consistent_artists { (row(artist, list_count)) } }
            }
        }
    }
}

fn finding(view: &View) -> Markup {
    html! {
        @if let Some(artist) = view.evolution.consistent_artists.first() {
            p.finding {
                @if artist.artist_name.trim().is_empty() { b { "Unknown artist" } } @else { b { bdi { (artist.artist_name) } } }
                " was on the list on " (count(artist.day_count)) " of " (counted(view.evolution.list_count, "day"))
                " with a list. Artists are counted by name."
            }
        }
    }
}

fn row(artist: &ConsistentArtist, list_count: i64) -> Markup {
    let share = artist.day_count as f64 / list_count as f64;
    html! {
        tr {
            th scope="row" { (artist_link(&artist.artist_name, artist.artist_key.as_deref())) }
            td.bar { svg width="100%" height="8" aria-hidden="true" { rect width=(percent_of_width(share, 1.0)) height="8" {} } }
            td.number { (count(artist.day_count)) }
            td.number.share { (format!("{:.0} %", 100.0 * share)) }
        }
    }
}
