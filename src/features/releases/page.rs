//! The release charts: years, decades, and the explicit flag.
//!
//! Tracks without a known value are drawn and counted too, so that every section adds up to the whole library.

use super::query::Distribution;
use crate::html::components::{
    count, counted, disclosure, nothing_yet, percent_of_width, section_head, share,
};
use maud::{Markup, html};

pub fn release_years(years: &Distribution) -> Markup {
    let note = if years.other_count > 0 {
        format!("Newest {}", years.labels.len())
    } else {
        "All years".to_owned()
    };
    html! {
        section.release-years aria-labelledby="release-years" {
            @if years.labels.is_empty() {
                (section_head("release-years", "Release years", html! {}))
                (nothing_yet("No track has a known year."))
            } @else {
                (section_head("release-years", "Release years", html! { (note) }))
                (years_table(years))
            }
        }
    }
}

fn years_table(years: &Distribution) -> Markup {
    let longest = years.data.iter().copied().max().unwrap_or(0).max(1);
    html! {
        table {
            thead { tr { th scope="col" colspan="2" { "Year" } th scope="col" { "Tracks" } } }
            tbody {
                @for (year, tracks) in years.labels.iter().zip(&years.data) {
                    tr {
                        th scope="row" { (year) }
                        td.bar {
                            svg width="100%" height="8" aria-hidden="true" {
                                rect width=(percent_of_width(*tracks as f64, longest as f64)) height="8" {}
                            }
                        }
                        td { (count(*tracks)) }
                    }
                }
                (row_apart("Earlier", years.other_count))
                (row_apart("Unknown", years.unknown_count))
            }
        }
    }
}

/// Left out if it counts nothing.
fn row_apart(label: &str, tracks: i64) -> Markup {
    html! {
        @if tracks > 0 {
            tr.apart { th scope="row" colspan="2" { (label) } td { (count(tracks)) } }
        }
    }
}

pub fn release_decades(decades: &Distribution, track_count: i64) -> Markup {
    let known = track_count - decades.unknown_count;
    html! {
        section.release-decades aria-labelledby="release-decades" {
            @if let Some((decade, most)) = most_frequent(decades) {
                (section_head("release-decades", "Release decades", decades_note(decades, track_count)))
                div.chart {
                    canvas #releaseDecadeChart role="img"
                        aria-label={
                            "Bar chart of " (counted(known, "track")) " by decade of release. Most are from the "
                            (decade) ": " (count(most)) ". The numbers are in the table below."
                        } {}
                }
                (disclosure(html! { "Numbers" }, "Tracks by decade of release", decades_table(decades, track_count)))
            } @else {
                (section_head("release-decades", "Release decades", html! {}))
                (nothing_yet("No track has a known year."))
            }
        }
    }
}

fn most_frequent(distribution: &Distribution) -> Option<(&str, i64)> {
    let labelled = distribution.labels.iter().zip(&distribution.data);
    let (label, most) = labelled.max_by_key(|(_, tracks)| **tracks)?;
    Some((label.as_str(), *most))
}

fn decades_note(decades: &Distribution, track_count: i64) -> Markup {
    let unknown = decades.unknown_count;
    html! {
        @if unknown == 0 {
            "All " (counted(track_count, "track"))
        } @else {
            (count(track_count - unknown)) " of " (counted(track_count, "track")) "; "
            (count(unknown)) " without a known year"
        }
    }
}

/// `charts.js` draws this table.
fn decades_table(decades: &Distribution, track_count: i64) -> Markup {
    let known = decades.labels.iter().zip(&decades.data);
    let known = known.map(|(decade, tracks)| (decade.as_str(), *tracks, None));
    let unknown = decades.unknown_count;
    let unknown = (unknown > 0).then_some(("Unknown", unknown, Some("?")));
    html! {
        table data-chart="bar" {
            thead {
                tr { th scope="col" { "Decade" } th scope="col" data-unit="track" { "Tracks" } th scope="col" { "Share" } }
            }
            tbody {
                @for (decade, tracks, apart) in known.chain(unknown) {
                    tr data-apart=[apart] {
                        th scope="row" { (decade) } td { (count(tracks)) } td { (share(tracks, track_count)) }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" { "All tracks" }
                    td { (count(track_count)) }
                    td { (share(track_count, track_count)) }
                }
            }
        }
    }
}

pub fn explicit(explicit: &Distribution, track_count: i64) -> Markup {
    let parts = [
        ("clean", "Clean", labelled_count(explicit, "Clean")),
        ("explicit", "Explicit", labelled_count(explicit, "Explicit")),
        ("unknown", "Unknown", explicit.unknown_count),
    ];
    html! {
        section.explicit-share aria-labelledby="explicit" {
            (section_head("explicit", "Explicit", html! { "as the payload says" }))
            @if explicit.labels.is_empty() {
                (nothing_yet("No payload says whether its track is explicit."))
            } @else {
                (share_bar(&parts, track_count))
                (share_legend(&parts, track_count))
                p.adds-up {
                    (count(track_count - explicit.unknown_count)) " known + " (count(explicit.unknown_count))
                    " unknown = " (counted(track_count, "track"))
                }
            }
        }
    }
}

fn labelled_count(distribution: &Distribution, label: &str) -> i64 {
    let mut labelled = distribution.labels.iter().zip(&distribution.data);
    labelled
        .find(|(known, _)| *known == label)
        .map_or(0, |(_, tracks)| *tracks)
}

/// Hidden from screen readers: the legend has the numbers.
fn share_bar(parts: &[(&str, &str, i64)], track_count: i64) -> Markup {
    let starts = parts.iter().scan(0, |end, (_, _, tracks)| {
        *end += tracks;
        Some(*end - tracks)
    });
    html! {
        svg.share-bar width="100%" height="12" aria-hidden="true" {
            @for (start, (class, _, tracks)) in starts.zip(parts).filter(|(_, (_, _, tracks))| *tracks > 0) {
                svg class=(class) x=(percent_of_width(start as f64, track_count as f64))
                    width=(percent_of_width(*tracks as f64, track_count as f64)) { rect width="100%" height="12" {} }
            }
        }
    }
}

fn share_legend(parts: &[(&str, &str, i64)], track_count: i64) -> Markup {
    html! {
        dl.share-legend {
            @for (class, label, tracks) in parts {
                div class=(class) {
                    dt { (label) }
                    dd { b { (count(*tracks)) } " " span { (share(*tracks, track_count)) } }
                }
            }
        }
    }
}
