//! The two lists as slopes: two axes with ranks, and a line for each track.

use super::comparison::short_date;
use crate::features::changes::query::{ComparedList, ComparedTrack, Since};
use crate::features::changes::slopes::{DRAWN, Slopes};
use crate::features::tracks::page::title;
use crate::html::components::{date, section_head};
use maud::{Markup, html};
use std::fmt::Write;

/// Pixels for a place, and for one of a short list.
const STEP: usize = 10;
const WIDE_STEP: usize = 20;
const SHORT: usize = 25;

/// Where the mark of a track without a second place is, in percent of the width.
const STUB: usize = 14;

pub fn slopes(list: &ComparedList, since: &Since, slopes: &Slopes) -> Markup {
    let format = short_date(list, since);
    let note = match slopes.is_cut {
        true => format!("the first {DRAWN} of each, rank by rank"),
        false => "rank by rank".to_owned(),
    };
    html! {
        figure.slopes aria-labelledby="two-lists" {
            (section_head("two-lists", "The two lists", html! { (note) }))
            div.days-compared {
                span { (date(since.date, format)) }
                span { (date(list.snapshot_date, format)) }
            }
            (drawing(slopes))
            (keys(slopes))
            (farthest(list))
        }
    }
}

fn drawing(slopes: &Slopes) -> Markup {
    let places = slopes.before.len().max(slopes.after.len());
    let step = if places <= SHORT { WIDE_STEP } else { STEP };
    let height = places * step;
    let y = |place: &usize| place * step + step / 2;
    html! {
        svg role="img" width="100%" height=(height)
            aria-label="The ranks of the earlier list at the left and of the later list at the right, joined where a track \
                is on both. The lists of tracks on this page say the same." {
            (lines(slopes, places, height))
            line.axis x1="0" x2="0" y2=(height) {}
            line.axis x1="100%" x2="100%" y2=(height) {}
            @for place in &slopes.left {
                svg x={ (STUB) "%" } y=(y(place)) overflow="visible" { path.gone d="m-3-3 6 6m0-6-6 6" {} }
            }
            @for place in &slopes.back { circle.back cx={ (100 - STUB) "%" } cy=(y(place)) r="3.5" {} }
            @for place in &slopes.new { circle.new cx={ (100 - STUB) "%" } cy=(y(place)) r="3.5" {} }
            @for (place, rank) in ticks(&slopes.before) {
                text.before x="-10" y=(y(&place) + 4) { (rank) }
            }
            @for (place, rank) in ticks(&slopes.after) {
                text x="100%" dx="10" y=(y(&place) + 4) { (rank) }
            }
        }
    }
}

/// In units of places, stretched to the drawing.
fn lines(slopes: &Slopes, places: usize, height: usize) -> Markup {
    let right = 100 - STUB;
    let line = |pairs: &[(usize, usize)]| {
        pairs.iter().fold(String::new(), |mut path, (from, to)| {
            let _ = write!(path, "M0 {from}.5L100 {to}.5");
            path
        })
    };
    let stubs = |(from, to): (usize, usize), groups: &[&Vec<usize>]| {
        let places = groups.iter().flat_map(|group| group.iter());
        places.fold(String::new(), |mut path, place| {
            let _ = write!(path, "M{from} {place}.5H{to}");
            path
        })
    };
    html! {
        svg width="100%" height=(height) viewBox={ "0 0 100 " (places) } preserveAspectRatio="none" {
            path.down d=(line(&slopes.fell_or_held)) {}
            path.stub d=(stubs((0, STUB), &[&slopes.left, &slopes.to_beyond])) {}
            path.stub d=(stubs((right, 100), &[&slopes.new, &slopes.back, &slopes.from_beyond])) {}
            path.up d=(line(&slopes.climbed)) {}
        }
    }
}

/// The first place, each tenth and the last one, with their ranks.
fn ticks(ranks: &[i32]) -> Vec<(usize, i32)> {
    let last = ranks.len().saturating_sub(1);
    let is_tick = |place: usize| {
        let is_tenth = place % 10 == 9 && (place + 1 < last || place == last);
        place == 0 || is_tenth || (place == last && last > 1)
    };
    let ticks = ranks.iter().copied().enumerate();
    ticks.filter(|(place, _)| is_tick(*place)).collect()
}

fn keys(slopes: &Slopes) -> Markup {
    html! {
        ul.slope-keys {
            li { svg width="16" height="20" aria-hidden="true" { path.up d="M0 14 16 6" {} } "climbed" }
            li { svg width="16" height="20" aria-hidden="true" { path.down d="M0 6l16 8" {} } "fell or held" }
            li { svg width="8" height="20" aria-hidden="true" { circle.new cx="4" cy="10" r="3.5" {} } "new" }
            li { svg width="8" height="20" aria-hidden="true" { circle.back cx="4" cy="10" r="3.5" {} } "back" }
            li { svg width="8" height="20" aria-hidden="true" { path.gone d="m1 7 6 6m0-6-6 6" {} } "left" }
            @if slopes.is_cut {
                li { svg width="8" height="20" aria-hidden="true" { path.stub d="M0 10h8" {} } "beyond the first " (DRAWN) }
            }
        }
    }
}

fn farthest(list: &ComparedList) -> Markup {
    let track = |row: &ComparedTrack| {
        html! {
            (title(&row.track.track.name)) ", "
            @if let Some(previous) = row.previous_rank { (previous) " to " } (row.track.rank) ". "
        }
    };
    let (up, down) = (list.farthest_up(), list.farthest_down());
    html! {
        @if up.is_some() || down.is_some() {
            p.farthest {
                @if let Some(row) = up { "Farthest up: " (track(row)) }
                @if let Some(row) = down { "Farthest down: " (track(row)) }
            }
        }
    }
}
