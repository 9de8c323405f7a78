//! The stays of a track on its lists, and how it stands on each.

use crate::features::histories::query::{RangeRanks, Stay, TrackRanks};
use crate::features::snapshots::page::{list_address, range_name};
use crate::html::components::{DATE, date, disclosure, hidden, section_head};
use crate::html::controls::address;
use entity::snapshot::TimeRange;
use maud::{Markup, html};

pub fn numbers(track_id: &str, ranks: &TrackRanks) -> Markup {
    let history = address(&["api", "tracks", track_id, "history"]) + "?format=csv";
    let table = html! {
        p.about-stays { "Stays on the lists. " a href=(history) { "Every day as CSV" } }
        table.stays {
            thead {
                tr {
                    th scope="col" { "From" }
                    th scope="col" { "To" }
                    th.number scope="col" { "Days" }
                    th.number scope="col" { "Entered at" }
                    th.number scope="col" { "Best" }
                }
            }
            @for range in &ranks.ranges { (stays(range)) }
        }
    };
    disclosure(html! { "Numbers" }, "Stays on the lists", table)
}

fn stays(range: &RangeRanks) -> Markup {
    html! {
        tbody {
            tr { th.range-name scope="rowgroup" colspan="5" { (range_name(range.time_range)) } }
            @for stay in &range.stays { (row(stay, range.time_range)) }
        }
    }
}

fn row(stay: &Stay, time_range: TimeRange) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(list_address(stay.from.day, time_range)) { (date(stay.from.day, DATE)) } }
            td {
                @if stay.is_still_on { "still on" }
                @else { a href=(list_address(stay.to, time_range)) { (date(stay.to, DATE)) } }
            }
            td.number { (stay.days()) }
            td.number { (stay.from.rank) }
            td.number { (stay.best_rank) }
        }
    }
}

pub fn three_lists(ranks: &TrackRanks) -> Markup {
    html! {
        section aria-labelledby="three-lists" {
            (section_head("three-lists", "In the three lists", html! { "on " (date(ranks.as_of, DATE)) }))
            table.three-lists {
                thead {
                    tr {
                        th scope="col" { "List" }
                        th.number scope="col" { "Now" }
                        th.number scope="col" { "Peak" }
                        th.number scope="col" { "Debut" }
                        th.number scope="col" { "Days" }
                    }
                }
                tbody { @for range in TimeRange::ALL { (on_list(range, ranks.of_range(range))) } }
            }
        }
    }
}

fn on_list(time_range: TimeRange, range: Option<&RangeRanks>) -> Markup {
    html! {
        tr {
            th scope="row" { (range_name(time_range)) }
            @if let Some(range) = range {
                td.number { @if let Some(now) = range.now { (now) } @else { span.off { "off" } } }
                td.number { (range.peak.rank) }
                td.number { (range.debut.rank) }
                td.number { (range.day_count) }
            } @else {
                td.number colspan="4" { span.off { span aria-hidden="true" { "–" } (hidden("never on it")) } }
            }
        }
    }
}
