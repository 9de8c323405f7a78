//! The tied tail of a list: a band with a heading and the reason why its order says nothing.

use super::ranking::{muted_movement, ranked_track};
use crate::features::changes::query::{ComparedList, ComparedTrack, Movement};
use crate::html::components::count;
use maud::{Markup, html};

/// The first rows of the tied tail, with its heading.
pub fn tied_ranking(list: &ComparedList, rows: &[ComparedTrack]) -> Markup {
    let compared = list.since.is_some();
    let mark: fn(&Movement) -> Markup = muted_movement;
    html! {
        section.tied aria-labelledby="tied" {
            (tail_heading(list))
            ol.ranking.without-movement[!compared] role="list" {
                @for row in rows { (ranked_track(row, compared.then_some(mark))) }
            }
        }
    }
}

/// The rank at which the tail begins, and why its order says nothing. A page shows it once.
pub fn tail_heading(list: &ComparedList) -> Markup {
    let (above, tied) = list.above_and_tied();
    let first = tied.first().map(|row| row.track.rank).unwrap_or_default();
    html! {
        h3 #tied { "Tied from " (count(first.into())) }
        p {
            @if above.is_empty() { "All " } @else { "The last " }
            (count(tied.len() as i64))
            " are equal to Spotify and stand in the order of their ids. "
            "Which of them made the list, and where, is chance."
        }
    }
}
