//! Each track over the whole time of a range: a strip as high as its rank, and the numbers beside it.

use super::strip::{Drawing, count_strip, track_strip};
use crate::features::artists::presence::{Overview, Presence, TrackPresence};
use crate::features::artists::query::ArtistTrack;
use crate::features::snapshots::page::{range_name, range_tabs};
use crate::features::tracks::page::{title, track_name};
use crate::html::components::{DATE, count, cover, date, hidden, nothing_yet};
use chrono::NaiveDate;
use maud::{Markup, html};

/// Rows shown; the rest are in the JSON answer.
const ROWS: usize = 100;

pub fn over_time(view: &Overview) -> Markup {
    let presence = &view.presence;
    let key = &view.artist.artist_key;
    let range = range_name(presence.time_range).to_lowercase();
    html! {
        section.on-the-lists aria-labelledby="over-time" {
            header.section-head.with-tabs {
                h2 #over-time { "On the list" }
                (range_tabs(presence.time_range, |range| super::range_address(key, Some(range))))
            }
            @match Drawing::of(presence) {
                Some(drawing) if !presence.tracks.is_empty() => (table(view, &drawing)),
                _ => (nothing_yet(&format!("Never on the {range} list."))),
            }
        }
    }
}

fn table(view: &Overview, drawing: &Drawing) -> Markup {
    let presence = &view.presence;
    let shown = &presence.tracks[..presence.tracks.len().min(ROWS)];
    html! {
        p.how-to-read {
            "A track’s strip is as high as its rank: full height is the first, none is off the list."
        }
        table.tracks-over-time {
            thead {
                tr {
                    th scope="col" { div.of-track { div { "Track" } (drawing.names()) } }
                    th.number scope="col" { "Now" }
                    th.number scope="col" { "Best" }
                    th.number scope="col" { "Days" }
                    th.number.first-day scope="col" { "First day" }
                }
            }
            tbody {
                (any(view, drawing))
                @for track in shown { (row(track, drawing)) }
            }
        }
        @if shown.len() < presence.tracks.len() {
            p.rest-of-list { "The other " (count((presence.tracks.len() - shown.len()) as i64)) " tracks are in the JSON answer." }
        }
    }
}

fn any(view: &Overview, drawing: &Drawing) -> Markup {
    let Presence {
        now,
        most_at_once,
        best,
        first_seen_date,
        ..
    } = &view.presence;
    let summary = &view.ranges[view.presence.time_range as usize];
    html! {
        tr.any {
            th scope="row" {
                div.of-track {
                    div { div { "Any of them" div.album { "up to " (most_at_once) " on one day" } } }
                    (count_strip(&view.presence, drawing))
                }
            }
            td.number {
                @if now.is_empty() { span.off { "off" } }
                @else { (now.len()) (hidden(if now.len() == 1 { " track" } else { " tracks" })) }
            }
            td.number { @if let Some(best) = best { (best.rank) } }
            td.number { (count(summary.day_count)) }
            (first_day(*first_seen_date))
        }
    }
}

fn row(presence: &TrackPresence, drawing: &Drawing) -> Markup {
    let ArtistTrack {
        track,
        cover_url,
        rank,
        best_rank,
        day_count,
        first_seen_date,
        ..
    } = &presence.item;
    html! {
        tr {
            th scope="row" {
                div.of-track {
                    div {
                        (cover(cover_url.as_deref()))
                        div.track {
                            (track_name(track))
                            @if let Some(album) = &track.album_name { div.album { (title(album)) } }
                        }
                    }
                    (track_strip(&presence.levels, drawing))
                }
            }
            td.number { @if let Some(rank) = rank { (rank) } @else { span.off { "off" } } }
            td.number { @if let Some(best) = best_rank { (best) } }
            td.number { @if let Some(days) = day_count { (count(*days)) } }
            (first_day(*first_seen_date))
        }
    }
}

fn first_day(day: Option<NaiveDate>) -> Markup {
    html! {
        td.number.first-day { @if let Some(day) = day { (date(day, DATE)) } }
    }
}
