//! A whole list as a table. The tied tail is a group of rows with a heading of its own.

use crate::features::changes::page::{movement_mark, muted_movement, tail_heading};
use crate::features::changes::query::{ComparedList, ComparedTrack};
use crate::features::tracks::page::{artist_name, title, track_name};
use crate::html::components::{cover, hidden};
use maud::{Markup, html};

pub fn whole_list(list: &ComparedList) -> Markup {
    let compared = list.since.is_some();
    let (above, tied) = list.above_and_tied();
    html! {
        table.whole-list.ranking aria-labelledby="the-list" {
            (columns(compared))
            thead { (head(compared)) }
            @if !above.is_empty() {
                tbody { @for track in above { (row(track, compared, false)) } }
            }
            @if !tied.is_empty() {
                tbody.tied {
                    tr {
                        th.tied-heading scope="rowgroup" colspan=(if compared { 6 } else { 5 }) {
                            (tail_heading(list))
                        }
                    }
                    @for track in tied { (row(track, compared, true)) }
                }
            }
        }
    }
}

/// Their widths are set here, because narrow screens hide the cells of the last three.
fn columns(compared: bool) -> Markup {
    html! {
        colgroup {
            col.rank;
            @if compared { col.moved; }
            col.listed-track;
            col.album;
            col.year;
            col.length;
        }
    }
}

/// Covers stand in the column of the tracks.
fn head(compared: bool) -> Markup {
    html! {
        tr {
            th.rank scope="col" { span aria-hidden="true" { "#" } (hidden("Rank")) }
            @if compared { th.moved scope="col" { (hidden("Movement")) } }
            th.listed-track scope="col" { "Track" }
            th.album scope="col" { "Album" }
            th.year.number scope="col" { "Year" }
            th.length.number scope="col" { "Length" }
        }
    }
}

fn row(row: &ComparedTrack, compared: bool, is_tied: bool) -> Markup {
    let track = &row.track.track;
    html! {
        tr {
            td.rank { (row.track.rank) }
            @if compared {
                td.moved {
                    @match &row.movement {
                        Some(movement) if is_tied => (muted_movement(movement)),
                        Some(movement) => (movement_mark(movement)),
                        None => {}
                    }
                }
            }
            th.listed-track scope="row" {
                div {
                    (cover(row.track.cover_url.as_deref()))
                    div.track { (track_name(track)) (artist_name(track)) }
                }
            }
            td.album { @if let Some(album) = &track.album_name { (title(album)) } @else { (unknown()) } }
            td.year.number { @if let Some(year) = track.release_year { (year) } @else { (unknown()) } }
            td.length.number {
                @if let Some(duration) = track.duration_ms { (length(duration)) } @else { (unknown()) }
            }
        }
    }
}

fn unknown() -> Markup {
    html! {
        span aria-hidden="true" { "–" } (hidden("unknown"))
    }
}

/// `3:41`, `1:02:03`
fn length(duration_ms: i32) -> String {
    let seconds = (i64::from(duration_ms) + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_hours_if_it_has_any() {
        let cases = [
            (0, "0:00"),
            (59_499, "0:59"),
            (59_500, "1:00"),
            (221_000, "3:41"),
            (3_723_000, "1:02:03"),
        ];
        for (duration_ms, expected) in cases {
            assert_eq!(length(duration_ms), expected);
        }
    }
}
