//! The rows of a ranked list.

use crate::features::changes::query::{ComparedTrack, Movement};
use crate::features::snapshots::query::RankedTrack;
use crate::features::tracks::page::{artist_name, track_name};
use crate::html::components::{cover, hidden};
use maud::{Markup, html};

pub const UPWARDS: &str = "M5 1 9.5 9h-9z";
pub const DOWNWARDS: &str = "M5 8.25 1.25 1.75h7.5z";

/// Rows of a list. `compared` says whether there is a list before. The role is explicit, because some screen readers
/// ignore lists without markers.
pub fn ranking(rows: &[ComparedTrack], compared: bool) -> Markup {
    html! {
        ol.ranking.without-movement[!compared] role="list" {
            @for row in rows { (ranked_track(row, compared.then_some(movement_mark))) }
        }
    }
}

/// `mark` draws the movement; without it there is no column for movements.
pub fn ranked_track(row: &ComparedTrack, mark: Option<fn(&Movement) -> Markup>) -> Markup {
    let RankedTrack {
        rank,
        track,
        cover_url,
    } = &row.track;
    html! {
        li.ranked-track {
            span.rank { (rank) }
            @if let Some(mark) = mark {
                span { @if let Some(movement) = &row.movement { (mark(movement)) } }
            }
            (cover(cover_url.as_deref()))
            div.track {
                (track_name(track))
                (artist_name(track))
            }
            div.album-name {
                @if let Some(album) = &track.album_name { bdi { (album) } }
            }
        }
    }
}

/// How a track moved since the list before.
pub fn movement_mark(movement: &Movement) -> Markup {
    html! {
        @match movement {
            Movement::Up(steps) => span.movement.up { (hidden("up ")) (mark(UPWARDS)) (steps) },
            Movement::Down(steps) => span.movement.down { (hidden("down ")) (mark(DOWNWARDS)) (steps) },
            Movement::Same => span.movement.same { (hidden("same rank")) },
            Movement::New => span.movement.new { "New" },
            Movement::Back => span.movement.back { "Back" },
        }
    }
}

/// The same for a track of the tied tail, whose movement is chance: text without a triangle, a colour or an edge.
pub fn muted_movement(movement: &Movement) -> Markup {
    html! {
        span.muted-movement {
            @match movement {
                Movement::Up(steps) => { (hidden("up ")) (steps) }
                Movement::Down(steps) => { (hidden("down ")) (steps) }
                Movement::Same => { span aria-hidden="true" { "–" } (hidden("same rank")) }
                Movement::New => "New",
                Movement::Back => "Back",
            }
        }
    }
}

/// A mark of 10 by 10 pixels.
pub fn mark(path: &str) -> Markup {
    html! {
        svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" { path d=(path) {} }
    }
}
