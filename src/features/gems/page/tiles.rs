//! The tiles: a cover, the names, and why the track is there.

use super::View;
use super::parts::range_words;
use crate::features::gems::query::{ForgottenGem, LatestTracks, SHORTEST_ABSENCE_DAYS, SeenTrack};
use crate::features::snapshots::page::list_address;
use crate::features::tracks::page::{artist_name, track_name};
use crate::features::tracks::query::TrackSummary;
use crate::html::components::{DATE, count, counted, cover, date, section_head};
use chrono::{Datelike, Days};
use maud::{Markup, html};

/// A section for each month of the last day.
pub fn gems(view: &View) -> Markup {
    let gems = &view.gems;
    let by_month = |one: &ForgottenGem, other: &ForgottenGem| {
        let month = |gem: &ForgottenGem| (gem.last_seen_date.year(), gem.last_seen_date.month());
        month(one) == month(other)
    };
    html! {
        @if gems.items.is_empty() {
            p.nothing-yet { (no_gems(view)) }
        } @else {
            div.gems {
                @for month in gems.items.chunk_by(by_month) { (month_of_gems(month)) }
            }
            (how_many(gems.items.len(), gems.track_count, "last seen latest first"))
        }
    }
}

fn month_of_gems(gems: &[ForgottenGem]) -> Markup {
    let first = gems.first().map(|gem| gem.last_seen_date);
    html! {
        @if let Some(day) = first {
            section aria-labelledby=(day.format("m%Y-%m")) {
                (section_head(
                    &day.format("m%Y-%m").to_string(),
                    &day.format("Last there in %B %Y").to_string(),
                    html! { (counted(gems.len() as i64, "track")) },
                ))
                ol.tiles role="list" {
                    @for gem in gems {
                        (tile(&gem.track, gem.cover_url.as_deref(), html! {
                            (date(gem.last_seen_date, "%-d %b")) " · best " (gem.best_rank)
                        }))
                    }
                }
            }
        }
    }
}

fn no_gems(view: &View) -> Markup {
    let (first, _) = view.span;
    let earliest = first.map(|first| first + Days::new(SHORTEST_ABSENCE_DAYS));
    html! {
        @match (earliest, view.gems.as_of) {
            (Some(earliest), Some(as_of)) if earliest <= as_of => {
                "None: no track was on a list in that time and on none since."
            }
            (Some(earliest), _) => {
                "Nothing yet: gems need lists at least 90 days old. There can be some from "
                (date(earliest, DATE)) " on."
            }
            (None, _) => {
                "Nothing yet: gems need lists at least 90 days old. Import lists with music-time-machine import PATH."
            }
        }
    }
}

pub fn discoveries(discoveries: &LatestTracks) -> Markup {
    html! {
        @if discoveries.snapshot_date.is_none() {
            p.nothing-yet { "Nothing yet: discoveries need a list of this range." }
        } @else if discoveries.items.is_empty() {
            p.nothing-yet { "None: each track of this list was on a list before." }
        } @else {
            (seen_tiles(&discoveries.items, |track| html! { "entered at " (track.listed.rank) }))
            (how_many(discoveries.items.len(), discoveries.track_count, "in order of rank"))
        }
    }
}

pub fn rotation(view: &View) -> Markup {
    let rotation = &view.rotation;
    html! {
        @if let Some(day) = rotation.snapshot_date {
            (seen_tiles(&rotation.items, |track| html! {
                (track.listed.rank) " · first seen " (date(track.first_seen_date, DATE))
            }))
            (how_many(rotation.items.len(), rotation.track_count, "in order of rank"))
            p.rest-of-list {
                a href=(list_address(day, view.time_range)) { "The " (range_words(view.time_range)) " list of " (date(day, DATE)) }
            }
        } @else {
            p.nothing-yet { "Nothing yet: no list of this range is kept. Import lists with music-time-machine import PATH." }
        }
    }
}

fn seen_tiles(tracks: &[SeenTrack], why: impl Fn(&SeenTrack) -> Markup) -> Markup {
    html! {
        ol.tiles role="list" {
            @for track in tracks {
                (tile(&track.listed.track, track.listed.cover_url.as_deref(), why(track)))
            }
        }
    }
}

fn tile(track: &TrackSummary, cover_url: Option<&str>, why: Markup) -> Markup {
    html! {
        li.tile {
            (cover(cover_url))
            (track_name(track))
            (artist_name(track))
            p { (why) }
        }
    }
}

/// Only if there are more than the page shows.
fn how_many(shown: usize, all: i64, order: &str) -> Markup {
    html! {
        @if all > shown as i64 {
            p.rest-of-list { (count(shown as i64)) " of " (count(all)) ", " (order) "." }
        }
    }
}
