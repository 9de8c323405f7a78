//! The latest list: its first ten rows, and the rest behind a disclosure that needs no script.

use entity::snapshot::TimeRange;
use maud::{Markup, html};

use crate::dashboard::query::{LatestList, Placed};
use crate::snapshots::query::RankedTrack;
use crate::web::components::{
    WEEKDAY_AND_DATE, counted, cover, date, explicit_mark, movement_mark, nothing_yet, section_head,
};

const FIRST_ROWS: usize = 10;
/// Track addresses come from payloads: only the provider's own site becomes a link.
const SPOTIFY: &str = "https://open.spotify.com/";

pub fn latest_list(latest: Option<&LatestList>) -> Markup {
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

fn rows(list: &LatestList) -> Markup {
    let compared = list.previous_date.is_some();
    let (first, rest) = list.rows.split_at(list.rows.len().min(FIRST_ROWS));
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

fn is_cut(list: &LatestList) -> bool {
    list.track_count > list.rows.len() as i64
}

fn how_many(list: &LatestList) -> String {
    let all = counted(list.track_count, "track");
    match is_cut(list) {
        true => format!("The first {} of {all}", list.rows.len()),
        false => format!("All {all}"),
    }
}

fn address(list: &LatestList) -> String {
    let LatestList {
        snapshot_date,
        time_range,
        ..
    } = list;
    format!("/api/snapshots/{snapshot_date}/{}", time_range.word())
}

/// Without an earlier list to compare with there is no movement at all. The role keeps this a list for
/// assistive technology that drops it together with its numbers.
fn ranking(rows: &[Placed], compared: bool) -> Markup {
    html! {
        ol.ranking.without-movement[!compared] role="list" {
            @for row in rows { (ranked_track(row, compared)) }
        }
    }
}

fn ranked_track(row: &Placed, compared: bool) -> Markup {
    let track = &row.track;
    html! {
        li.ranked-track {
            span.rank { (track.rank) }
            @if compared {
                span { @if let Some(movement) = &row.movement { (movement_mark(movement)) } }
            }
            (cover(track.cover_url.as_deref()))
            div.track {
                div.track-name {
                    (track_name(track))
                    @if track.explicit == Some(true) { (explicit_mark()) }
                }
                div.artist-name { bdi { (track.artist_name) } }
            }
            div.album-name {
                @if let Some(album) = &track.album_name { bdi { (album) } }
            }
        }
    }
}

/// The provider sends an empty name after a takedown.
fn track_name(track: &RankedTrack) -> Markup {
    let name = html! {
        @if track.name.trim().is_empty() { span.untitled { "Untitled" } } @else { bdi { (track.name) } }
    };
    match track.spotify_url.as_deref() {
        Some(url) if url.starts_with(SPOTIFY) => html! {
            a href=(url) rel="noopener noreferrer" { (name) }
        },
        _ => name,
    }
}

fn range_name(time_range: TimeRange) -> &'static str {
    match time_range {
        TimeRange::ShortTerm => "Short term",
        TimeRange::MediumTerm => "Medium term",
        TimeRange::LongTerm => "Long term",
    }
}
