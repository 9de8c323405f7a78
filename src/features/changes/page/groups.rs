//! The tracks of two lists in groups: those that entered and left, climbed, fell and held.

use super::comparison::short_date;
use super::panel::CROSS;
use super::ranking::{mark, movement_mark};
use crate::features::changes::query::{ComparedList, ComparedTrack, Movement, Since, is_tied};
use crate::features::snapshots::query::RankedTrack;
use crate::features::tracks::page::{artist_name, track_name};
use crate::html::components::{count, counted, cover, date, hidden, nothing_yet, section_head};
use maud::{Markup, html};

/// Rows of a group that are shown. A list may have thousands.
const SHOWN: usize = 100;

/// One sentence if the lists are equal, share nothing, or have ties.
pub fn at_a_glance(list: &ComparedList, since: &Since) -> Markup {
    let both = [
        (since.tied_from, since.date),
        (list.tied_from, list.snapshot_date),
    ];
    let tails = both
        .into_iter()
        .filter_map(|(tied_from, day)| Some((tied_from?, day)));
    html! {
        @if list.is_equal() {
            p.finding {
                "The two lists are equal: " (counted(list.tracks.len() as i64, "track")) " at the same ranks."
            }
        } @else if !list.shares_a_track() {
            p.finding { "No track is on both lists." }
        }
        @if since.tied_from.or(list.tied_from).is_some() {
            p.finding.ties {
                "Spotify breaks ties by id, so the order in the end of a list says nothing: "
                @for (position, (tied_from, day)) in tails.enumerate() {
                    @if position > 0 { ", " }
                    "from " (tied_from) " on " (date(day, short_date(list, since)))
                }
                ". Those rows are muted."
            }
        }
    }
}

pub fn groups(list: &ComparedList, since: &Since) -> Markup {
    let counts = list.counts();
    let day = html! { "Rank on " (date(since.date, short_date(list, since))) };
    let entered = group(list, |movement| {
        matches!(movement, Movement::New | Movement::Back)
    });
    let climbed = group(list, |movement| matches!(movement, Movement::Up(_)));
    let fell = group(list, |movement| matches!(movement, Movement::Down(_)));
    let held = group(list, |movement| movement == Movement::Same);
    let note = format!("{} new, {} back", count(counts.new), count(counts.back));
    let moved = html! {
        (section("climbed", "Climbed", day.clone(), rows(list, &climbed), "No track climbed."))
        div {
            (section("fell", "Fell", day.clone(), rows(list, &fell), "No track fell."))
            @if !held.is_empty() { (held_section(list, &held)) }
        }
    };
    html! {
        @if counts.new + counts.back + counts.left > 0 {
            (section("entered", "Entered", html! { (note) }, rows(list, &entered), "No track entered."))
            (section("left", "Left", day, left_rows(since), "No track left."))
        }
        @if counts.climbed + counts.fell > 0 { (moved) }
        @else if counts.held > 0 { (held_section(list, &held)) }
    }
}

fn held_section(list: &ComparedList, held: &[&ComparedTrack]) -> Markup {
    let note = html! { "Same rank on both days" };
    section("held", "Held", note, rows(list, held), "")
}

fn group(list: &ComparedList, belongs: impl Fn(Movement) -> bool) -> Vec<&ComparedTrack> {
    let rows = list.tracks.iter();
    rows.filter(|row| row.movement.is_some_and(&belongs))
        .collect()
}

/// A heading over rows, or over a sentence if there are none.
fn section(id: &str, title: &str, note: Markup, rows: Vec<Markup>, without_rows: &str) -> Markup {
    html! {
        section aria-labelledby=(id) {
            (section_head(id, title, note))
            @if rows.is_empty() { (nothing_yet(without_rows)) }
            @else { ol.ranking role="list" { @for row in rows.iter().take(SHOWN) { (row) } } }
            @if rows.len() > SHOWN {
                p.rest-of-list { "And " (counted((rows.len() - SHOWN) as i64, "more track")) "; all are in the JSON." }
            }
        }
    }
}

fn rows(list: &ComparedList, group: &[&ComparedTrack]) -> Vec<Markup> {
    let row = |row: &&ComparedTrack| {
        let is_muted = is_tied(row.track.rank, list.tied_from);
        let movement = row.movement.as_ref();
        let movement = html! {
            @if let Some(movement) = movement {
                @if is_muted { (muted_mark(movement)) } @else { (movement_mark(movement)) }
            }
        };
        let moved = row
            .previous_rank
            .filter(|previous| *previous != row.track.rank);
        changed_track(&row.track, movement, moved, is_muted)
    };
    group.iter().map(row).collect()
}

fn left_rows(since: &Since) -> Vec<Markup> {
    let cross = html! { span.movement.left { (hidden("left")) (mark(CROSS)) } };
    let row = |track: &RankedTrack| {
        let is_muted = is_tied(track.rank, since.tied_from);
        changed_track(track, cross.clone(), None, is_muted)
    };
    since.left.iter().map(row).collect()
}

/// The same words as in a mark, without its shapes and colours.
fn muted_mark(movement: &Movement) -> Markup {
    html! {
        @match movement {
            Movement::Up(steps) => span.movement { (hidden("up ")) (steps) },
            Movement::Down(steps) => span.movement { (hidden("down ")) (steps) },
            Movement::Same => span.movement { (hidden("same rank")) },
            Movement::New => span.movement { "New" },
            Movement::Back => span.movement { "Back" },
        }
    }
}

/// `was` is the rank on the other day.
fn changed_track(row: &RankedTrack, mark: Markup, was: Option<i32>, is_muted: bool) -> Markup {
    html! {
        li.changed-track.muted[is_muted] {
            span.rank { (row.rank) }
            span { (mark) }
            (cover(row.cover_url.as_deref()))
            div.track {
                (track_name(&row.track))
                (artist_name(&row.track))
            }
            span.was { @if let Some(was) = was { (hidden("from rank ")) (was) } }
        }
    }
}
